"""What every test of the project can ask for; each plug-in holds one topic."""

pytest_plugins = [
    "tests.fixtures.accounts",
    "tests.fixtures.clock",
    "tests.fixtures.database",
    "tests.fixtures.home",
    "tests.fixtures.index",
    "tests.fixtures.network",
    "tests.fixtures.browser",
    "tests.fixtures.queries",
    "tests.fixtures.shared_data",
    "tests.fixtures.site",
    "tests.fixtures.standins",
    "tests.fixtures.payments",
    "tests.fixtures.demo_site",
]
