workspace "Corridor platform" {
  model {
    n_operator = person "Operator" "Starts, watches and upgrades an installation."
    n_platform = softwareSystem "Corridor platform" "Technique that every system shares; knows none of them." {
      n_kit = container "Kit" "Outbox, relay, HTTP client, health, telemetry, problems, storage." "Python, Django"
      n_search = container "Search" "Declared indexes, query understanding, facets, fusion and encoders; knows no Django." "Python, Tantivy"
      n_accounts = container "Accounts" "People, sign-in, second steps, sessions; client of an identity provider and a provider itself." "Django, allauth"
      n_design = container "Design" "Base templates, components and the stylesheet." "HTML, CSS"
      n_embedded = container "Embedded servers" "PostgreSQL, Valkey and the supervised processes of a first start." "Python"
      n_standins = container "Stand-ins" "Local doubles of outside services, for tests and demonstrations." "Python"
      n_postgres = container "PostgreSQL" "Everything that must not be lost." "PostgreSQL"
      n_valkey = container "Valkey" "Cache, sessions, locks and tasks." "Valkey or Redis"
      n_index = container "Search index" "Files that can be made again at any time." "Tantivy"
    }
    n_learn = softwareSystem "Corridor Learn" "Catalogue, ingestion, discovery and channels of learning resources."
    n_mitxonline = softwareSystem "MITx Online" "Courses and programs with enrollment; gives its catalogue as JSON."
    n_embeddings = softwareSystem "Embeddings service" "Makes vectors of texts where a deployment prefers it to the model in the package." "External"
    n_object_storage = softwareSystem "Object storage" "Files and raw payloads where the home folder is not used." "External"
    n_mail_server = softwareSystem "Mail server" "Sends mail where the outbox folder is not used." "External"
    n_identity_provider = softwareSystem "Identity provider" "Knows people of an institution, where a deployment names one (OpenID Connect)." "External"
    n_client_systems = softwareSystem "Systems that sign people in here" "Clients of the embedded identity provider, told when somebody signs out." "External"
    n_sentry = softwareSystem "Sentry" "Collects errors." "External"
    n_telemetry = softwareSystem "Telemetry collector" "Receives traces by OTLP." "External"
    n_accounts -> n_client_systems "Signed word of a sign-out" "OpenID Connect" "sync"
    n_accounts -> n_identity_provider "Signs people in, reads keys" "OpenID Connect" "sync"
    n_embedded -> n_learn "Loads reference data and the demo at a first start" "Python" "sync"
    n_embedded -> n_valkey "Starts and watches it" "RESP" "sync"
    n_kit -> n_mail_server "Sends mail" "SMTP" "sync"
    n_kit -> n_object_storage "Keeps files and payloads" "S3 API" "sync"
    n_kit -> n_sentry "Reports errors" "HTTPS" "sync"
    n_kit -> n_telemetry "Sends traces" "OTLP" "sync"
    n_kit -> n_valkey "Checks health" "RESP" "sync"
    n_learn -> n_accounts "Users and roles" "Python" "sync"
    n_learn -> n_embedded "Progress of commands" "Python" "sync"
    n_learn -> n_kit "Outbox, HTTP, storage, problems" "Python" "sync"
    n_learn -> n_platform "Uses the technique" "Python" "sync"
    n_learn -> n_search "Declares indexes, asks them" "Python" "sync"
    n_mitxonline -> n_platform "Uses the technique" "Python" "sync"
    n_operator -> n_kit "Runs commands" "shell" "sync"
    n_platform -> n_mitxonline "Loads a demo at a first start" "Python" "sync"
    n_platform -> n_postgres "Reads and writes" "PostgreSQL" "sync"
    n_platform -> n_valkey "Caches, sessions, tasks" "RESP" "sync"
    n_search -> n_embeddings "Makes vectors of texts" "HTTPS" "sync"
    n_search -> n_index "Writes and reads segments" "files" "sync"
    n_standins -> n_learn "Doubles answer in the shapes of sources" "Python" "sync"
  }
  views {
    systemContext n_platform {
      include *
      autolayout lr
    }
    container n_platform {
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
