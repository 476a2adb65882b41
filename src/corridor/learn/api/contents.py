"""Content files: pages, documents and transcripts of courses."""

from typing import Any, ClassVar

from django.http import HttpRequest

from corridor.kit.api.paging import Page, paging
from corridor.kit.api.parameters import Asked, Number, Text
from corridor.kit.api.views import NEVER_KEPT, Reading
from corridor.learn.catalog import queries as catalog
from corridor.learn.content import queries
from corridor.learn.content.queries import Wanted

from .filters import OFFERED_BY, PLATFORM
from .readers import is_staff
from .shapes.contents import ContentFile


class ContentFileList(Reading):
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = (
        *paging(),
        Text(name="content_feature_type", many=True, help="A feature of the content, by name."),
        Text(name="edx_module_id", many=True, help="The edX module id of the file."),
        OFFERED_BY,
        PLATFORM,
        Number(name="resource_id", many=True, help="The id of the learning resource that the file belongs to."),
        Number(name="run_id", many=True, help="The id of the run that the file belongs to."),
    )
    shape: Any = ContentFile
    resource_type: str = ""

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        resources = asked["resource_id"]
        if (parent := path.get("learning_resource_id")) is not None:
            catalog.check_readable(parent, resource_type=self.resource_type)
            if resources and parent not in resources:
                return Page(0, ())
            resources = (parent,)
        wanted = Wanted(
            resources=resources,
            runs=asked["run_id"],
            features=asked["content_feature_type"],
            modules=asked["edx_module_id"],
            units=asked["offered_by"],
            platforms=asked["platform"],
        )
        files = queries.files(wanted, limit=asked["limit"], offset=asked["offset"])
        return Page(files.count, files.rows)


class ContentFileDetail(Reading):
    """One file; staff read its text, too."""

    shape: Any = ContentFile
    resource_type: str = ""
    cache_control: ClassVar[str] = NEVER_KEPT

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        parent = path.get("learning_resource_id")
        if parent is not None:
            catalog.check_readable(parent, resource_type=self.resource_type)
        return queries.file(path["id"], resource_id=parent, staff=is_staff(request))
