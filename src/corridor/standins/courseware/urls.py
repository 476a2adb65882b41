from django.urls import path

from . import api, pages, sign_on

urlpatterns = [
    path("", pages.dashboard),
    path("login/", sign_on.begin),
    path("complete/", sign_on.complete),
    path("logout/", sign_on.leave),
    path("courses/<str:key>/home", pages.course),
    path("courses/<str:key>/join", pages.join),
    path("courses/<str:key>/units/<int:number>", pages.unit),
    path("courses/<str:key>/progress", pages.progress),
    path("courses/<str:key>/finish", pages.finish),
    path("staff/", pages.staff),
    path("staff/mood/", pages.set_mood),
    path("staff/notices/<int:id>/", pages.send_again),
    path("staff/enter/", pages.enter_as),
    path("oauth2/access_token", api.access_token),
    path("oauth2/exchange_access_token/<str:provider>/", api.exchange),
    path("user_api/v1/account/registration/", api.register),
    path("api/user/v1/accounts", api.accounts),
    path("api/enrollment/v1/enrollment", api.enrollments),
    path("api/enrollment/v1/enrollment/<str:user>,<str:key>", api.enrollment),
    path("api/change_email_settings", api.change_email_settings),
    path("api/courses/v1/courses/", api.courses),
    path("api/course_modes/v1/courses/<str:key>/", api.course_modes),
    path("api/grades/v1/courses/<str:key>/", api.grades),
    path("api/certificates/v0/certificates/<str:user>/courses/<str:key>/", api.certificate),
    path("api/ol-course-outline/v0/<str:key>/", api.outline),
]
