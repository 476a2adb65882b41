from corridor.standins.site.apps import StandIn


class CoursewareConfig(StandIn):
    default = True  # of the two classes that are to be seen here
    name = "corridor.standins.courseware"
    label = "courseware"
    verbose_name = "Courseware (Open edX)"
    place = "openedx/"
