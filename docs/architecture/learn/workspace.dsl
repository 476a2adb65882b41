workspace "Corridor Learn" {
  model {
    n_learner = person "Learner" "Looks for something to learn; needs no account."
    n_editor = person "Editor" "Looks after sources, topics and channels in the console."
    n_api_client = person "API client" "A program that reads the published API."
    n_learn = softwareSystem "Corridor Learn" "Catalogue, ingestion, discovery and channels of learning resources." {
      n_learn_web = container "Web and API" "Pages for people, the published API, the console for staff." "Django, DRF, Wagtail on Granian" {
        n_catalog = component "Catalogue" "Resources, runs, prices and topics; renders the document of each resource that everything else reads." "Django"
        n_channels = component "Channels" "Pages about a topic, a unit or a department, kept in step with the catalogue." "Django"
        n_content = component "Content" "Files inside courses, and their texts." "Django"
        n_ingest = component "Ingestion" "Runs a source, keeps payloads, quarantines what cannot be read, merges records of several sources." "Python"
        n_sources = component "Sources" "One folder for each provider, which maps its payloads to records." "Python"
        n_api = component "API" "The published API, in prepared bytes." "DRF"
        n_pages = component "Pages" "What people see." "Django"
        n_console = component "Console" "Where editors look after sources, topics and channels." "Wagtail"
        n_discovery = component "Discovery" "Both indexes, kept by messages of the outbox; answers lists and searches." "Python"
      }
      n_learn_worker = container "Worker" "Reads sources and looks after dates, views and vectors." "Celery"
    }
    n_platform = softwareSystem "Corridor platform" "Technique that every system shares; knows none of them."
    n_mitxonline = softwareSystem "MITx Online" "Courses and programs with enrollment; gives its catalogue as JSON."
    n_edx = softwareSystem "edX" "Courses and programs of MITx at edX, and the tokens to read them." "External"
    n_xpro = softwareSystem "MIT xPRO" "Professional courses and programs." "External"
    n_sloan = softwareSystem "Sloan Executive Education" "Executive courses and their offerings." "External"
    n_ocw = softwareSystem "OpenCourseWare" "Courseware as files of a site." "External"
    n_podcast_directory = softwareSystem "Podcast directory" "A folder at GitHub that names podcast feeds." "External"
    n_podcast_feeds = softwareSystem "Podcast feeds" "RSS of publishers." "External"
    n_embeddings = softwareSystem "Embeddings service" "Makes vectors of texts where a deployment prefers it to the model in the package." "External"
    n_api_client -> n_learn_web "Reads the API" "HTTPS" "sync"
    n_editor -> n_learn_web "Edits and reviews" "HTTPS" "sync"
    n_learn -> n_platform "Uses the technique" "Python" "sync"
    n_learn_web -> n_embeddings "Makes vectors of texts" "HTTPS" "sync"
    n_learn_web -> n_platform "Reads and writes the database, caches and searches" "SQL, RESP" "sync"
    n_learn_web -> n_podcast_directory "Tries a record of the quarantine again" "HTTPS" "sync"
    n_learn_worker -> n_edx "Asks for a token and reads courses and programs" "HTTPS" "async"
    n_learn_worker -> n_mitxonline "Reads courses and programs" "HTTPS" "async"
    n_learn_worker -> n_ocw "Reads sites, pages and files" "HTTPS" "async"
    n_learn_worker -> n_podcast_directory "Reads which podcasts there are" "HTTPS" "async"
    n_learn_worker -> n_podcast_feeds "Reads episodes" "HTTPS" "async"
    n_learn_worker -> n_sloan "Asks for a token and reads courses and offerings" "HTTPS" "async"
    n_learn_worker -> n_xpro "Reads courses and programs" "HTTPS" "async"
    n_learner -> n_learn_web "Searches and reads" "HTTPS" "sync"
    n_platform -> n_learn "Prepares and doubles for demonstrations" "Python" "sync"
  }
  views {
    systemContext n_learn {
      include *
      autolayout lr
    }
    container n_learn {
      include *
      autolayout lr
    }
    component n_learn_web {
      include *
      autolayout lr
    }
    styles {
      relationship "async" {
        style dashed
        color #e8a33d
      }
    }
  }
}
