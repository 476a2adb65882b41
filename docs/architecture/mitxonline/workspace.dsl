workspace "Corridor MITx Online" {
  model {
    n_mitxonline = softwareSystem "MITx Online" "Courses and programs with enrollment; gives its catalogue as JSON." {
      n_mitxonline_web = container "Web and API" "Catalogue, cart, dashboard, certificates and the published API." "Django" {
        n_mitxonline_catalog = component "Catalogue" "Courses, runs, programs with their requirements, products whose versions never change." "Django"
        n_mitxonline_api = component "Published API" "Reads in prepared bytes, changes with tombstones; commands with idempotency keys." "DRF"
        n_mitxonline_enrollments = component "Enrollments" "A ledger of who takes which run and program, with what is so now; the right to the verified track." "Django"
        n_mitxonline_commerce = component "Commerce" "Baskets, orders that never change, attempts at a gateway, refunds by line." "Django"
        n_mitxonline_discounts = component "Discounts" "Codes whose uses are numbered slots." "Django"
        n_mitxonline_ledger = component "Ledger" "Money in double entry, what gateways said, cases for staff." "Django"
        n_mitxonline_gateways = component "Gateways" "A plug-in for each, behind one port." "CyberSource, Stripe"
        n_mitxonline_openedx = component "Courseware" "Pushes seats and people, takes in grades and webhooks, knows where each push stands." "Open edX"
        n_mitxonline_certificates = component "Certificates" "A pure rule over requirements and grades; snapshots, PDF, signed credentials, a status list." "Open Badges 3.0"
        n_mitxonline_records = component "Learner records" "What a learner has of a program, shared with schools." "Django"
        n_mitxonline_dashboard = component "Dashboard" "All of a learner's courses and programs on one page." "Django"
        n_mitxonline_console = component "Staff console" "Timelines of learners, orders, refunds, cases, stuck pushes." "Wagtail"
        n_mitxonline_reconciliation = component "Reconciliation" "Compares what should agree, and keeps what does not as findings." "Celery"
        n_mitxonline_demo = component "Demo" "Courses and learners of an invented university." "YAML"
      }
      n_mitxonline_worker = container "Worker" "Looks after what follows from dates." "Celery"
    }
    n_platform = softwareSystem "Corridor platform" "Technique that every system shares; knows none of them."
    n_learn = softwareSystem "Corridor Learn" "Catalogue, ingestion, discovery and channels of learning resources."
    n_openedx = softwareSystem "Open edX" "Delivers courses; tells of enrollments and certificates by webhooks. Locally a stand-in." "External"
    n_cybersource = softwareSystem "CyberSource" "Secure Acceptance, where learners pay, and its REST interface. Locally a stand-in." "External"
    n_stripe = softwareSystem "Stripe" "Checkout Sessions, where learners pay. Locally a stand-in." "External"
    n_mail_server = softwareSystem "Mail server" "Sends mail where the outbox folder is not used." "External"
    n_learn -> n_mitxonline "Reads courses and programs" "HTTPS" "async"
    n_mitxonline -> n_platform "Uses the technique" "Python" "sync"
    n_mitxonline_web -> n_cybersource "Refunds and looks payments up, from the console" "HTTPS" "sync"
    n_mitxonline_web -> n_mail_server "Letters, by the outbox" "SMTP" "sync"
    n_mitxonline_web -> n_openedx "Asks for outlines; pushes by command" "HTTPS" "sync"
    n_mitxonline_web -> n_stripe "Opens sessions to pay, refunds and looks payments up" "HTTPS" "sync"
    n_mitxonline_worker -> n_cybersource "Refunds, asks about payments nobody told of" "HTTPS" "async"
    n_mitxonline_worker -> n_mail_server "Letters, by the outbox" "SMTP" "async"
    n_mitxonline_worker -> n_openedx "Pushes seats and people, fetches grades and runs" "HTTPS" "async"
    n_openedx -> n_mitxonline_web "Webhook /mitxonline/api/openedx_webhook/{}" "HTTPS" "async"
    n_platform -> n_mitxonline "Loads a demo at a first start" "Python" "sync"
    n_stripe -> n_mitxonline_web "Webhook /mitxonline/webhook/stripe" "HTTPS" "async"
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
