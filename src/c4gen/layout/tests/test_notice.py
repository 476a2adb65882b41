import hashlib
from importlib.resources import files


def test_elkjs_is_the_file_that_the_notice_names():
    folder = files("c4gen.layout").joinpath("elkjs")
    digest = hashlib.sha256(folder.joinpath("elk-worker.min.js").read_bytes()).hexdigest()
    notice = folder.joinpath("NOTICE").read_text(encoding="utf-8")
    assert f"sha256 {digest}  elk-worker.min.js" in notice
    assert "EPL-2.0" in notice
    assert folder.joinpath("LICENSE.md").read_text(encoding="utf-8").startswith("# Eclipse Public License - v 2.0")
