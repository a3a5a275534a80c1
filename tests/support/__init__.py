"""What the tests share: a real PostgreSQL, whichever Kafka is at hand, whole stacks.

Fixtures (tests/conftest.py); nothing starts before a test asks for it:

    postgres         the embedded server with its roles; session
    databases        makes databases for one test: `.fresh("intake")` migrated, `.empty()` without tables -> URL
    kafka            a running broker (KafkaBroker); restarted if the test before left it dead
    empty_kafka      the same without any topic
    docker_engine    skips the test where no Docker engine answers
    make_stack       starts whole stacks (deploy.embedded.supervisor.Stack), ended after the test

Sample people for forms and profiles are made by tests/support/people.py.

Mark a test `@pytest.mark.only_apache("why")` if the embedded broker cannot show what it is about.
"""
