"""Departments."""

from rest_framework import serializers

from .fields import Shape, number, text


class DepartmentWithCount(Shape):
    id = number()
    name = text()
    courses = number()
    programs = number()


class DepartmentWithCoursesAndPrograms(Shape):
    id = number()
    name = text()
    slug = serializers.SlugField()
    course_ids = serializers.ListField(child=number())
    program_ids = serializers.ListField(child=number())
