workspace "c4gen" {
  model {
    n_developer = person "Developer" "Changes code and models."
    n_c4gen = softwareSystem "c4gen" "A tool of its own, for any set of Python repositories." {
      n_c4gen_command = container "Command" "Reads, merges, checks and draws." "Python, click" {
        n_model = component "Model" "Curated YAML, found facts, and the two merged." ""
        n_extract = component "Extraction" "One quick pass per file, then a resolver over the whole program." ""
        n_check = component "Checks" "Model against code, revision against revision." ""
        n_analysis = component "Analysis" "Cycles and cuts, fragility, blast radius, the week of scheduled jobs." ""
        n_views = component "Views" "What each diagram shows." ""
        n_layout = component "Layout" "ELK where there is an engine, a layered layout of its own elsewhere." ""
        n_pages = component "Pages" "HTML and SVG that work as files." ""
      }
    }
    n_git = softwareSystem "Git" "Files of commits and the commit that took something away." "External"
    n_c4gen -> n_git "Reads objects and logs" "process" "sync"
    n_developer -> n_c4gen_command "Builds and checks maps" "shell" "sync"
  }
  views {
    systemContext n_c4gen {
      include *
      autolayout lr
    }
    container n_c4gen {
      include *
      autolayout lr
    }
    component n_c4gen_command {
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
