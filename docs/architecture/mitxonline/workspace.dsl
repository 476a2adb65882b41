workspace "Corridor MITx Online" {
  model {
    n_mitxonline = softwareSystem "MITx Online" "Courses and programs with enrollment; gives its catalogue as JSON." {
      n_mitxonline_web = container "Web and API" "The catalogue and what the API says of it." "Django" {
        n_mitxonline_catalog = component "Catalogue" "Courses, runs, programs with their requirements, products whose versions never change." "Django"
        n_mitxonline_api = component "Published API" "The read side, in prepared bytes; changes, with tombstones." "DRF"
        n_mitxonline_demo = component "Demo" "Courses of an invented university." "YAML"
      }
      n_mitxonline_worker = container "Worker" "Looks after what follows from dates." "Celery"
    }
    n_platform = softwareSystem "Corridor platform" "Technique that every system shares; knows none of them."
    n_learn = softwareSystem "Corridor Learn" "Catalogue, ingestion, discovery and channels of learning resources."
    n_learn -> n_mitxonline "Reads courses and programs" "HTTPS" "async"
    n_mitxonline -> n_platform "Uses the technique" "Python" "sync"
    n_platform -> n_mitxonline "Loads a demo at a first start" "Python" "sync"
  }
  views {
    systemContext n_mitxonline {
      include *
      autolayout lr
    }
    container n_mitxonline {
      include *
      autolayout lr
    }
    component n_mitxonline_web {
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
