"""The bucket of releases: by content, whole once found, and with what worked where."""

import pytest

from operations.delivery.releases import Run
from operations.terminal import Problem


def test_the_same_content_is_the_same_release_as_first_built(releases):
    first = releases.keep(b"a template", commit="one", dirty=True, built_at="2026-11-20T10:00:00+00:00")
    again = releases.keep(b"a template", commit="two", dirty=False, built_at="2026-11-21T10:00:00+00:00")

    assert again == first
    assert first.origin == "commit one with changes that are in no commit"
    assert releases.keep(b"another", commit="two", dirty=False, built_at="x").artefact != first.artefact


def test_its_template_is_where_cloudformation_is_sent(releases):
    release = releases.keep(b"a template", commit="one", dirty=False, built_at="x")
    bucket, key = releases.url(release).removeprefix(releases.s3.meta.endpoint_url + "/").split("/", 1)

    assert releases.s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"a template"


def test_what_was_changed_after_it_was_built_is_deployed_nowhere(releases):
    release = releases.keep(b"a template", commit="one", dirty=False, built_at="x")
    releases.s3.put_object(Bucket=releases.bucket, Key=f"releases/{release.artefact}/template.yaml", Body=b"another")

    with pytest.raises(Problem, match=f"template of {release.short}, .* was changed after it was built"):
        releases.url(release)


@pytest.mark.parametrize("written", ["CodeUri: s3://the-artefacts/artefacts/abc", "Key: artefacts/abc"])
def test_code_that_was_exchanged_after_it_was_built_is_deployed_nowhere(releases, written):
    """Who builds may write it, and doesn't decide what runs in the accounts after."""
    releases.s3.put_object(Bucket=releases.bucket, Key="artefacts/abc", Body=b"as it was tried out")
    release = releases.keep(written.encode(), commit="one", dirty=False, built_at="x")
    assert releases.url(release)
    releases.s3.put_object(Bucket=releases.bucket, Key="artefacts/abc", Body=b"another")

    with pytest.raises(Problem, match=f"{release.short}, or a file of its code, was changed"):
        releases.url(release)


def test_it_is_found_by_how_it_begins_if_that_is_one_only(releases):
    kept = [releases.keep(str(each).encode(), commit="c", dirty=False, built_at="x") for each in range(20)]

    assert releases.find(kept[0].short) == kept[0]
    with pytest.raises(Problem, match="No release begins with nothing"):
        releases.find("nothing")
    with pytest.raises(Problem, match="More than one release begins with"):
        releases.find("")


def test_half_a_release_is_none(releases):
    releases.s3.put_object(Bucket=releases.bucket, Key="releases/abc/template.yaml", Body=b"")

    with pytest.raises(Problem, match="No release begins with abc"):
        releases.find("abc")


def test_what_worked_in_an_account_is_known_to_the_others(releases, keep):
    run = Run(keep(A="AWS::SNS::Topic"), {"LogLevel": "INFO"}, "anna", "2026-11-21T10:00:00+00:00")
    assert releases.running("dev") is None
    assert not releases.passed("dev", run.release.artefact)
    releases.note("dev", run)

    assert releases.running("dev") == run
    assert releases.passed("dev", run.release.artefact)
    assert not releases.passed("test", run.release.artefact)
