"""What a run holds in the courseware."""

from rest_framework import serializers

from .fields import Shape, number, text


class CourseOutlineModuleCounts(Shape):
    videos = number()
    readings = number()
    problems = number()
    assignments = number()
    app_items = number()


class CourseOutlineModule(Shape):
    id = text()
    title = text()
    effort_time = number()
    effort_activities = number()
    counts = CourseOutlineModuleCounts()


class CourseOutlineResponse(Shape):
    course_id = text()
    generated_at = serializers.DateTimeField()
    modules = CourseOutlineModule(many=True)
