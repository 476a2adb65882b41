"""Sheets of requests: each row is done once, a bad one is told with its line, and nothing is done unless it is wanted."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from corridor.accounts.models import User
from corridor.kit import clock
from corridor.mitxonline.catalog.models import Course, CourseRun
from corridor.mitxonline.catalog.tests.cast import NOW, a_course, a_product, a_run
from corridor.mitxonline.discounts.models import Discount
from corridor.mitxonline.enrollments.actions import enroll
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.sheets.codes import make_codes
from corridor.mitxonline.sheets.deferrals import make_deferrals
from corridor.mitxonline.sheets.errors import NotStaff, SheetUnreadable
from corridor.mitxonline.sheets.rows import Outcome, Told

pytestmark = pytest.mark.django_db
BY = "staff@example.com"
DONE, BEFORE, REFUSED = Outcome.DONE, Outcome.BEFORE, Outcome.REFUSED


@pytest.fixture(autouse=True)
def _registrar() -> Iterator[None]:
    with clock.fixed(NOW):
        User.objects.create(username="staff", email=BY, is_superuser=True)
        yield


@pytest.fixture
def codes(shared_data: Path) -> Path:
    a_sold_run("course-v1:edX+DemoX+Demo_Course")
    return shared_data / "seeds/mitxonline/coupon_requests.csv"


def a_sold_run(key: str, course: Course | None = None) -> CourseRun:
    run = a_run(course or a_course(), key.rpartition("+")[2], courseware_id=key)
    a_product(run)
    return run


def outcomes(told: Sequence[Told]) -> dict[int, Outcome]:
    return {each.line: each.outcome for each in told}


def test_codes_that_staff_asked_for_are_made_once(codes: Path) -> None:
    told = make_codes(codes, by=BY, apply=True)
    assert outcomes(told) == {2: BEFORE, 3: BEFORE, 4: BEFORE, 5: REFUSED, 6: DONE, 7: REFUSED, 8: DONE}
    assert told[3].said == "Nothing is sold as course-v1:bad+courseware+id. Name a run of a course, or a program, as its address does."
    assert told[5].said.startswith("repeat-coupon has 2 codes already, and this asks for 3.")
    made = Discount.objects.all()
    assert {code.discount_code.rpartition("-")[0][:8] for code in made} == {"repeat-c", "coupon-7"}
    assert {(code.amount, code.redemption_type, code.products.count()) for code in made} == {(100, "one-time", 1)}
    assert len(made) == len(told[4].made) + len(told[6].made) == 4
    again = make_codes(codes, by=BY, apply=True)
    assert outcomes(again) == {2: BEFORE, 3: BEFORE, 4: BEFORE, 5: REFUSED, 6: BEFORE, 7: REFUSED, 8: BEFORE}
    assert Discount.objects.count() == 4


def test_without_apply_it_is_only_told(codes: Path) -> None:
    told = make_codes(codes, by=BY, apply=False)
    assert outcomes(told) == {2: BEFORE, 3: BEFORE, 4: BEFORE, 5: REFUSED, 6: DONE, 7: REFUSED, 8: DONE}
    assert not Discount.objects.exists()


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("po,Lot,many,KEY,,", "“many” is no number of codes."),
        ("po,Lot,0,KEY,,", "A batch has 1 to 5000 codes"),
        ("po,,2,KEY,,", "Nothing is written under “Coupon Name”."),
        ("po,Lot,2,KEY,soon,", "“soon” under “Activation” is no date."),
        ("po,Lot,2,KEY,,1/2/2001", "These codes would have expired on 02 Jan 2001."),
    ],
)
def test_a_row_that_cannot_be_done_says_why(tmp_path: Path, cells: str, said: str) -> None:
    a_sold_run("KEY")
    sheet = tmp_path / "codes.csv"
    sheet.write_text(f"Purchase Order,Coupon Name,# Codes,Product Id,Activation,Expiration,Date Processed,Ignored?\n{cells},,\n")
    (told,) = make_codes(sheet, by=BY, apply=True)
    assert told.outcome == REFUSED
    assert told.said.startswith(said)


def test_what_is_no_sheet_and_who_is_no_registrar_is_refused(codes: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SheetUnreadable, match="no column “Purchase Order”"):
        make_codes(tmp_path / "other.csv", by=BY, apply=True)
    User.objects.create(username="peter", email="peter@example.com")
    with pytest.raises(NotStaff):
        make_codes(codes, by="peter@example.com", apply=True)


def test_deferrals_that_were_done_are_passed_over(shared_data: Path) -> None:
    told = make_deferrals(shared_data / "seeds/mitxonline/deferral_requests.csv", by=BY, apply=True)
    assert outcomes(told) == {2: BEFORE, 3: BEFORE}


def test_learners_of_a_sheet_move_to_another_run_once(shared_data: Path, tmp_path: Path) -> None:
    """The rows of the shared sheet, were they not done yet."""
    old = a_sold_run("course-v1:xPRO+LASERx1+R1")
    a_sold_run("course-v1:xPRO+LASERx1+R2", old.course)
    learner = User.objects.get(email=BY)
    enroll(user_id=learner.pk, run_id=old.pk, mode="verified", actor=None, cause="test", keep_window=False)
    sheet = tmp_path / "deferrals.csv"
    rows = (shared_data / "seeds/mitxonline/deferral_requests.csv").read_text()
    sheet.write_text(
        rows.replace(",7/2/2019,", ",,").replace("@example.com,7/3/2019,", "@example.com,,").replace("program-v1", "course-v1")
    )
    told = make_deferrals(sheet, by=BY, apply=False)
    assert told[0].said == "Nobody here has the address peter@example.com."
    assert outcomes(told) == {2: REFUSED, 3: DONE}
    assert RunEnrollment.objects.get().course_run == old
    make_deferrals(sheet, by=BY, apply=True)
    assert dict(RunEnrollment.objects.values_list("course_run__courseware_id", "mode")) == {
        "course-v1:xPRO+LASERx1+R1": "audit",
        "course-v1:xPRO+LASERx1+R2": "verified",
    }
    assert outcomes(make_deferrals(sheet, by=BY, apply=True)) == {2: REFUSED, 3: BEFORE}
