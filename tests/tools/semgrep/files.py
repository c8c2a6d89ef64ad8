# ruff: noqa
# ruleid: no-file-written-in-passing
open("a", "w")
# ruleid: no-file-written-in-passing
path.open("ab")
# ruleid: no-file-written-in-passing
path.write_text("a")
# ok: no-file-written-in-passing
open("a")
# ok: no-file-written-in-passing
path.open("rb")
# ok: no-file-written-in-passing
archive.open("word/document.xml")

# ruleid: no-shell
subprocess.run("ls", shell=True)
# ruleid: no-shell
os.system("ls")
# ok: no-shell
subprocess.run(["ls"], check=True)
