"""The closed vocabularies of the catalogue. Codes are part of the published API; labels are what people read."""

from django.db.models import TextChoices


class ResourceType(TextChoices):
    COURSE = "course", "Course"
    PROGRAM = "program", "Program"
    LEARNING_PATH = "learning_path", "Learning Path"
    PODCAST = "podcast", "Podcast"
    PODCAST_EPISODE = "podcast_episode", "Podcast Episode"
    VIDEO = "video", "Video"
    VIDEO_PLAYLIST = "video_playlist", "Video Playlist"
    DOCUMENT = "document", "Document"


class ResourceTypeGroup(TextChoices):
    COURSE = "course", "Course"
    PROGRAM = "program", "Program"
    LEARNING_MATERIAL = "learning_material", "Learning Material"


class CertificationType(TextChoices):
    MICROMASTERS = "micromasters", "MicroMasters Credential"
    PROFESSIONAL = "professional", "Professional Certificate"
    COMPLETION = "completion", "Certificate of Completion"
    NONE = "none", "No Certificate"


class Availability(TextChoices):
    DATED = "dated", "Dated"
    ANYTIME = "anytime", "Anytime"


class Delivery(TextChoices):
    ONLINE = "online", "Online"
    HYBRID = "hybrid", "Hybrid"
    IN_PERSON = "in_person", "In person"
    OFFLINE = "offline", "Offline"


class Pace(TextChoices):
    SELF_PACED = "self_paced", "Self-paced"
    INSTRUCTOR_PACED = "instructor_paced", "Instructor-paced"


class Format(TextChoices):
    SYNCHRONOUS = "synchronous", "Synchronous"
    ASYNCHRONOUS = "asynchronous", "Asynchronous"


class Level(TextChoices):
    UNDERGRADUATE = "undergraduate", "Undergraduate"
    GRADUATE = "graduate", "Graduate"
    HIGH_SCHOOL = "high_school", "High School"
    NONCREDIT = "noncredit", "Non-Credit"
    ADVANCED = "advanced", "Advanced"
    INTERMEDIATE = "intermediate", "Intermediate"
    INTRODUCTORY = "introductory", "Introductory"


class RelationType(TextChoices):
    PROGRAM_COURSES = "PROGRAM_COURSES", "Program courses"
    PROGRAM_PROGRAMS = "PROGRAM_PROGRAMS", "Program programs"
    LEARNING_PATH_ITEMS = "LEARNING_PATH_ITEMS", "Learning path items"
    PODCAST_EPISODES = "PODCAST_EPISODES", "Podcast episodes"
    PLAYLIST_VIDEOS = "PLAYLIST_VIDEOS", "Playlist videos"
    COURSE_LEARNING_MATERIALS = "COURSE_LEARNING_MATERIALS", "Course learning materials"


class ContentType(TextChoices):
    PAGE = "page", "Page"
    FILE = "file", "File"
    VIDEO = "video", "Video"
    PDF = "pdf", "PDF"


class ChannelType(TextChoices):
    TOPIC = "topic", "Topic"
    DEPARTMENT = "department", "Department"
    UNIT = "unit", "Unit"
    PATHWAY = "pathway", "Pathway"
