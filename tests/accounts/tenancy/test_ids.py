from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.tenancy.ids import ALPHABET, BadId, decode, encode

# A busy machine is no failure.
PATIENT = settings(deadline=None)

# The example of the TypeID specification.
KNOWN = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


def test_the_published_example_is_written_as_published():
    assert encode("prefix", KNOWN) == "prefix_01h455vb4pex5vsknk084sn02q"


@pytest.mark.parametrize(
    ("uuid", "code"),
    [
        (UUID(int=0), "00000000000000000000000000"),
        (UUID(int=1), "00000000000000000000000001"),
        (UUID(int=2**128 - 1), "7zzzzzzzzzzzzzzzzzzzzzzzzz"),
    ],
)
def test_the_ends_of_the_range_are_written_and_read(uuid, code):
    assert encode("con", uuid) == f"con_{code}"
    assert decode("con", f"con_{code}") == uuid


@PATIENT
@given(st.uuids())
def test_every_uuid_comes_back(uuid):
    text = encode("con", uuid)

    assert decode("con", text) == uuid
    assert len(text) == 30
    assert text == text.lower()


@PATIENT
@given(st.uuids(), st.uuids())
def test_ids_sort_like_their_uuids(first, second):
    assert (encode("con", first) < encode("con", second)) == (first < second)


def test_a_prefix_may_hold_an_underscore():
    assert decode("reward_rule", encode("reward_rule", KNOWN)) == KNOWN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "con",
        "con_",
        "_01h455vb4pex5vsknk084sn02q",
        "01h455vb4pex5vsknk084sn02q",
        "ask_01h455vb4pex5vsknk084sn02q",
        "CON_01h455vb4pex5vsknk084sn02q",
        "con-01h455vb4pex5vsknk084sn02q",
        "con_01H455VB4PEX5VSKNK084SN02Q",
        "con_01h455vb4pex5vsknk084sn02",
        "con_01h455vb4pex5vsknk084sn02qq",
        "con_81h455vb4pex5vsknk084sn02q",
        "con_01h455vb4pex5vsknk084sn02u",
        "con_01h455vb4pex5vsknk084sn02l",
        "con_01h455vb4pex5vsknk084sn02\n",
        "con_01h455vb4pex5vsknk084sn02q\n",
        " con_01h455vb4pex5vsknk084sn02q",
        "con_01890a5d-ac96-774b-bcce-b30",
        "con_٠1h455vb4pex5vsknk084sn02q",
        "con_\x00",
        None,
        12,
    ],
)
def test_what_is_not_an_id_of_this_kind_is_refused(text):
    with pytest.raises(BadId):
        decode("con", text)


@PATIENT
@given(st.text())
def test_any_text_is_read_or_refused_in_words(text):
    with pytest.raises(BadId):
        decode("con", text)


@PATIENT
@given(st.text(alphabet=ALPHABET, min_size=26, max_size=26))
def test_one_thing_has_one_id(code):
    text = f"con_{code}"
    if code[0] > "7":
        with pytest.raises(BadId):
            decode("con", text)
    else:
        assert encode("con", decode("con", text)) == text
