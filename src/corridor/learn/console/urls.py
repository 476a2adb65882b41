"""The addresses of these pages, below /cms/."""

from django.urls import path

from .pages import channels, index, merges, quarantine, resources, sources, tuning

app_name = "console"

urlpatterns = [
    path("sources/", sources.Sources.as_view(), name="sources"),
    path("sources/<str:code>/", sources.SourcePage.as_view(), name="source"),
    path("sources/<str:code>/read/", sources.ReadNow.as_view(), name="read_now"),
    path("runs/", sources.Runs.as_view(), name="runs"),
    path("runs/results/", sources.Runs.as_view(results_only=True), name="runs_results"),
    path("runs/<int:pk>/", sources.RunPage.as_view(), name="run"),
    path("runs/<int:pk>.json", sources.RunAsData.as_view(), name="run_data"),
    path("quarantine/", quarantine.Quarantine.as_view(), name="quarantine"),
    path("quarantine/results/", quarantine.Quarantine.as_view(results_only=True), name="quarantine_results"),
    path("quarantine/<int:pk>/", quarantine.RecordPage.as_view(), name="record"),
    path("quarantine/<int:pk>/replay/", quarantine.ReplayRecord.as_view(), name="replay_record"),
    path("quarantine/<int:pk>/dismiss/", quarantine.Dismiss.as_view(), name="dismiss_record"),
    path("quarantine/sources/<str:code>/replay/", quarantine.ReplaySource.as_view(), name="replay_source"),
    path("merges/", merges.Merges.as_view(), name="merges"),
    path("merges/results/", merges.Merges.as_view(results_only=True), name="merges_results"),
    path("merges/<int:pk>/", merges.MergePage.as_view(), name="merge"),
    path("merges/<int:pk>/undo/", merges.Undo.as_view(), name="undo_merge"),
    path("merges/barriers/", merges.Barriers.as_view(), name="barriers"),
    path("merges/barriers/results/", merges.Barriers.as_view(results_only=True), name="barriers_results"),
    path("resources/", resources.Resources.as_view(), name="resources"),
    path("resources/results/", resources.Resources.as_view(results_only=True), name="resources_results"),
    path("resources/<int:pk>/", resources.ResourcePage.as_view(), name="resource"),
    path("resources/<int:pk>/show/", resources.ShowOrHide.as_view(published=True), name="show_resource"),
    path("resources/<int:pk>/hide/", resources.ShowOrHide.as_view(published=False), name="hide_resource"),
    path("search/", tuning.Preview.as_view(), name="preview"),
    path("search/results/", tuning.PreviewResults.as_view(), name="preview_results"),
    path("search/explain/<int:pk>/", tuning.Explain.as_view(), name="explain"),
    path("search/synonyms/keep/", tuning.KeepSynonyms.as_view(), name="keep_synonyms"),
    path("search/boosts/keep/", tuning.KeepBoost.as_view(), name="keep_boost"),
    path("index/", index.IndexState.as_view(), name="index"),
    path("index/letters/<str:topic>/", index.Letters.as_view(), name="letters"),
    path("index/letters/<str:topic>/replay/", index.ReplayLetters.as_view(), name="replay_letters"),
    path("channels/", channels.Channels.as_view(), name="channels"),
    path("channels/results/", channels.Channels.as_view(results_only=True), name="channels_results"),
    path("channels/<int:pk>/", channels.ChannelPage.as_view(), name="channel"),
]
