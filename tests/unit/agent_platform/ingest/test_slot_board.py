import pytest
from agent_platform.ingest.slot_board import Asking, Board
from hypothesis import given
from hypothesis import strategies as st

NOW = 1_800_000_000
TENANTS = ("greenedge", "brightnest", "third")


def ask(tenant, many=1, *, again=2):
    return [Asking(tenant, f"{tenant}-{number}", again) for number in range(many)]


def serve(board, *asking, most=10, now=NOW):
    return board.serve([each for some in asking for each in some], most=most, now=now)


def test_alone_a_tenant_may_hold_every_slot_and_no_more():
    board, served = serve(Board(), ask("greenedge", 12))
    assert (len(served), board.held, set(board.waiting)) == (10, {"greenedge": 10}, {"greenedge"})


def test_while_another_waits_nobody_takes_a_slot_beyond_half():
    full, _ = serve(Board(), ask("greenedge", 10))
    waited, served = serve(full, ask("brightnest"))
    assert served == []

    for free in range(1, 6):
        board = waited
        for _ in range(free):
            board = board.freed("greenedge")
        assert serve(board, ask("greenedge"))[1] == [], f"{free} are free, and {10 - free} held"
        assert len(serve(board, ask("brightnest", 10))[1]) == min(free, 5)

    half = board.freed("greenedge")
    assert len(serve(half, ask("greenedge"))[1]) == 1


def test_with_two_others_who_wait_a_share_is_a_third():
    board = Board({"greenedge": 3}, {"brightnest": NOW + 9, "third": NOW + 9})
    assert serve(board, ask("greenedge"))[1] == []
    assert len(serve(Board({"greenedge": 2}, board.waiting), ask("greenedge"))[1]) == 1


def test_who_waits_no_more_bounds_nobody():
    board = Board({"greenedge": 9}, {"brightnest": NOW})
    assert len(serve(board, ask("greenedge"))[1]) == 1


def test_its_own_waiting_bounds_no_tenant():
    board = Board({"greenedge": 9}, {"greenedge": NOW + 9})
    assert len(serve(board, ask("greenedge"))[1]) == 1


def test_with_more_waiting_than_slots_each_may_still_hold_one():
    board = Board({}, {"brightnest": NOW + 9, "third": NOW + 9, "fourth": NOW + 9})
    assert len(serve(board, ask("greenedge", 2), most=2)[1]) == 1


def test_of_one_delivery_who_holds_least_is_served_first():
    _, served = serve(Board({"greenedge": 4}), ask("greenedge", 6), ask("brightnest", 2))
    assert [each.tenant for each in served] == ["brightnest", "brightnest", *["greenedge"] * 4]


def test_a_mark_lasts_until_its_message_has_asked_again():
    full, _ = serve(Board(), ask("greenedge", 10))
    waiting, _ = serve(full, ask("brightnest", again=100))
    assert NOW + 105 <= waiting.waiting["brightnest"] <= NOW + 210


def test_a_refusal_that_finds_a_good_mark_changes_nothing():
    full, _ = serve(Board(), ask("greenedge", 11))
    assert serve(full, ask("greenedge"), now=NOW + 1)[0] == full
    assert serve(full, ask("greenedge", again=60), now=NOW + 1)[0] != full


def test_what_may_wait_is_remembered_for_a_while_and_then_forgotten():
    board = Board({}, {"brightnest": NOW})
    assert board.may_wait(NOW + 899) == {"brightnest"}
    assert board.may_wait(NOW + 900) == frozenset()
    assert serve(board, ask("greenedge"), now=NOW + 900)[0].waiting == {}


def test_who_holds_nothing_any_more_is_off_the_board():
    assert Board({"greenedge": 1, "brightnest": 2}).freed("greenedge").held == {"brightnest": 2}


TURN = st.tuples(st.sampled_from(["ask", "end", "later"]), st.sampled_from(TENANTS), st.integers(1, 10))


@given(st.integers(1, 12), st.lists(TURN, max_size=60))
def test_slots_are_never_passed_and_nobody_grows_beyond_a_share_while_others_wait(most, turns):
    board, now = Board(), NOW
    for what, tenant, many in turns:
        if what == "later":
            now += many
        elif what == "end" and tenant in board.held:
            board = board.freed(tenant)
        elif what == "ask":
            waiting = {who for who, until in board.waiting.items() if until > now and who != tenant}
            before = board.held.get(tenant, 0)
            board, served = board.serve(ask(tenant, many), most=most, now=now)
            held = board.held.get(tenant, 0)
            assert held == before + len(served)
            assert not served or held <= max(1, most // (len(waiting) + 1))
            assert len(served) == many or board.waiting[tenant] > now
        assert board.taken <= most
        assert all(board.held.values())


@pytest.mark.parametrize("most", [2, 3, 50])
def test_never_more_than_half_by_what_was_taken_while_another_waited(most):
    board = Board({}, {"brightnest": NOW + 9})
    assert len(serve(board, ask("greenedge", most), most=most)[1]) == most // 2
