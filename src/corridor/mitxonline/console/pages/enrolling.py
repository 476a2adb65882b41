"""What staff do to a learner's enrollments, grades and certificates. Each asks why."""

from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property

from corridor.accounts.models import User
from corridor.mitxonline.certificates.actions import LETTERS
from corridor.mitxonline.console import actions, queries
from corridor.mitxonline.console.access import May
from corridor.mitxonline.console.base import Asking, Reasoned
from corridor.mitxonline.enrollments.models import ProgramEnrollment, RunEnrollment
from corridor.web.console.base import crumb


class What(Reasoned):
    readable_id = forms.CharField(label="What", max_length=255, help_text="The id of a course run or a program.")
    field_order: tuple[str, ...] = ("readable_id", "reason")


class WhatAndWhen(What):
    whatever_the_dates = forms.BooleanField(label="Even if it takes nobody in now", required=False)
    field_order = ("readable_id", "whatever_the_dates", "reason")


class ToRun(WhatAndWhen):
    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["readable_id"].label, self.fields["readable_id"].help_text = "To", "The id of the course run to take instead."
        self.fields["whatever_the_dates"].label = "Even if it is of another course, or takes nobody in now"


class Marks(Reasoned):
    percent = forms.DecimalField(label="Grade, in percent", min_value=Decimal(0), max_value=Decimal(100), max_digits=5, decimal_places=2)
    letter = forms.ChoiceField(choices=[(letter, letter) for letter in LETTERS])
    passed = forms.BooleanField(required=False)
    field_order = ("percent", "letter", "passed", "reason")


class OfLearner(Asking):
    """A deed that leads back to the learner's page."""

    header_icon = "user"

    @cached_property
    def learner(self) -> User:
        return queries.learner(self.kwargs["pk"])

    @cached_property
    def explained(self) -> str:
        return f"{self.learner.shown_name}. {self.what_happens}"

    def trail(self) -> list[dict[str, str]]:
        return [
            crumb("Learners", "registrar:learners"),
            {"url": reverse("registrar:learner", args=[self.learner.pk]), "label": self.learner.shown_name},
        ]

    def back_to(self) -> str:
        return reverse("registrar:learner", args=[self.learner.pk])


class Enroll(OfLearner):
    permission = May.CHANGE_ENROLLMENTS
    form_class = WhatAndWhen
    page_title = "Enroll"
    submit_label = "Enroll"
    what_happens = "On the audit track. Who is to have the verified track without paying is given the right to it instead."

    def carry_out(self, told: dict[str, Any]) -> str:
        return f"{self.learner.shown_name} is enrolled in {actions.enroll(learner=self.learner, by=self.staff, **told)}."


class Grant(OfLearner):
    permission = May.GIVE_RIGHTS
    form_class = What
    page_title = "Give the verified track"
    submit_label = "Give it"
    what_happens = "The right to the verified track and the enrollment with it, without payment and whatever the dates are."

    def carry_out(self, told: dict[str, Any]) -> str:
        return f"{self.learner.shown_name} has the verified track of {actions.grant(learner=self.learner, by=self.staff, **told)}."


class Issue(OfLearner):
    permission = May.ISSUE_CERTIFICATES
    page_title = "Issue a certificate"
    submit_label = "Issue it"
    what_happens = "Only what was earned is issued."

    def carry_out(self, told: dict[str, Any]) -> str:
        kind, id = self.kwargs["kind"], self.kwargs["id"]
        issued = actions.issue(learner=self.learner, kind=kind, id=id, by=self.staff, **told)
        return "The certificate was issued." if issued == 1 else f"{issued} certificates were issued."


class _OfEnrollment(OfLearner):
    """A deed on one enrollment of theirs."""

    permission = May.CHANGE_ENROLLMENTS

    @cached_property
    def enrollment(self) -> RunEnrollment | ProgramEnrollment:
        return queries.enrollment(self.kwargs["pk"])

    @cached_property
    def learner(self) -> User:
        return self.enrollment.user

    @cached_property
    def explained(self) -> str:
        return f"{self.learner.shown_name}, {actions.title_of(self.enrollment)}. {self.what_happens}"


class Unenroll(_OfEnrollment):
    page_title = "Unenroll"
    submit_label = "Unenroll"
    what_happens = "The learner leaves. What was bought can be come back to; a right that was given ends."

    def carry_out(self, told: dict[str, Any]) -> str:
        actions.unenroll(enrollment=self.enrollment, by=self.staff, **told)
        return f"{self.learner.shown_name} has left {actions.title_of(self.enrollment)}."


class UnenrollFromProgram(Unenroll):
    what_happens = "The learner leaves the program and keeps taking its courses."

    @cached_property
    def enrollment(self) -> ProgramEnrollment:
        return queries.program_enrollment(self.kwargs["pk"])


class _OfRun(_OfEnrollment):
    @cached_property
    def enrollment(self) -> RunEnrollment:
        return queries.enrollment(self.kwargs["pk"])


class Downgrade(_OfRun):
    page_title = "Move to the audit track"
    submit_label = "Move to the audit track"
    what_happens = "For an enrollment without a right to the verified track. One that was bought is refunded with its order instead."

    def carry_out(self, told: dict[str, Any]) -> str:
        actions.downgrade(enrollment=self.enrollment, by=self.staff, **told)
        return f"{self.learner.shown_name} is on the audit track of {actions.title_of(self.enrollment)}."


class Defer(_OfRun):
    form_class = ToRun
    page_title = "Defer"
    submit_label = "Defer"
    what_happens = "The right to the verified track moves to another run. The old run stays open on the audit track."

    def carry_out(self, told: dict[str, Any]) -> str:
        return f"{self.learner.shown_name} takes {actions.defer(enrollment=self.enrollment, by=self.staff, **told)} instead."


class Grade(_OfRun):
    permission = May.CHANGE_GRADES
    form_class = Marks
    page_title = "Set the grade"
    submit_label = "Set it"
    what_happens = "It counts from now on, and the courseware no longer changes it. Certificates that are due with it are issued."

    def carry_out(self, told: dict[str, Any]) -> str:
        issued = actions.grade(enrollment=self.enrollment, by=self.staff, **told)
        return f"The grade is set, and {issued} certificates were issued." if issued else "The grade is set."


class SendAgain(_OfRun):
    permission = May.MEND_SEATS
    page_title = "Send to the courseware again"
    submit_label = "Send it"
    what_happens = "What is so here is brought to the courseware once more, at once."

    def carry_out(self, told: dict[str, Any]) -> str:
        actions.send_again([self.enrollment.pk], by=self.staff, **told)
        return "It is on its way to the courseware."
