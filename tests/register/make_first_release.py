"""Makes ``data/first-release.zip``, the database of the first release that every later one must
read: ``python tests/register/make_first_release.py`` from the root of the project.

To be run again only while there is no release yet.
"""

import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent

if __name__ == "__main__":
    sys.path += [str(HERE), str(HERE.parent)]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"SAMENSPEL_DATA": folder, "SAMENSPEL_DATABASE": ""}
        import registers  # which starts Django

        assert registers
        import filled_register

        from samenspel.register import backup, upgrading

        upgrading.upgrade(Path(folder))
        filled_register.fill()
        made = backup.back_up(HERE / "data" / "first-release.zip")
        print(made.rows)
