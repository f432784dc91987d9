from django import forms


class TypedForm(forms.Form):
    """The name in the address, typed by whoever means it."""

    typed = forms.CharField(max_length=63, strip=True, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: object, slug: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # a form's own
        self.fields["typed"].label = f"Type {slug} to go on"
