"""Reference data."""

from .fields import Shape, address, flag, maybe_number, maybe_text, number, text, texts


class LearningResourceTopic(Shape):
    id = number()
    name = text(128)
    icon = text(128)
    parent = maybe_number()  # type: ignore[assignment]  # a field, which no instance has as an attribute
    channel_url = maybe_text()


class LearningResourceBaseSchool(Shape):
    id = number()
    name = text(256)
    url = address()


class LearningResourceBaseDepartment(Shape):
    department_id = text(12)
    name = text(256)
    channel_url = maybe_text()


class LearningResourceDepartment(LearningResourceBaseDepartment):
    school = LearningResourceBaseSchool(allow_null=True)


class LearningResourceSchool(LearningResourceBaseSchool):
    departments = LearningResourceBaseDepartment(many=True)


class LearningResourcePlatform(Shape):
    code = text(12)
    name = text(256)


class LearningResourceOfferor(Shape):
    """A unit, as resources tell of it."""

    code = text(12)
    name = text(256)
    channel_url = maybe_text()
    display_facet = flag()


class LearningResourceOfferorDetail(LearningResourceOfferor):
    professional = flag()
    offerings = texts()
    audience = texts()
    formats = texts()
    fee = texts()
    certifications = texts()
    content_types = texts()
    more_information = text(2048)
    value_prop = text()


class LearningResourceContentTag(Shape):
    id = number()
    name = text(128)
