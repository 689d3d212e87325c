"""Run programs one after another, each in a process of its own that has PyTorch imported already.

Importing PyTorch and Matplotlib takes two seconds, and there are hundreds of programs. So this
process imports them once and then forks for each program. What a program finds is what a fresh
interpreter would give it, but for these packages in `sys.modules`: none of its names is defined.

Each line on standard input is a JSON list: program, folder, and where its output and errors go. The
answer is a line with its exit code.
"""

import contextlib
import json
import os
import runpy
import sys
import warnings


def serve():
    """Fork for every request; the child comes back with its request, the parent with None."""
    for line in sys.stdin:
        request = json.loads(line)
        with warnings.catch_warnings():  # Python 3.12 warns of forks beside threads; none runs here
            warnings.simplefilter("ignore")
            child = os.fork()
        if child == 0:
            return request
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    return None


def become(program, folder, output, errors):
    """Turn this process into one that was started with the program, in the folder."""
    os.chdir(folder)
    for path, stream in ((os.devnull, 0), (output, 1), (errors, 2)):
        new = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(new, stream)
    sys.argv, sys.path[0] = [program], os.path.dirname(program)
    runpy.run_path(program, run_name="__main__")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # tidying up all of PyTorch's modules would take longer than many a program


if __name__ == "__main__":
    import matplotlib.pyplot  # noqa: F401
    import numpy  # noqa: F401  (for those who come after)
    import torch  # noqa: F401

    with contextlib.suppress(KeyboardInterrupt):
        if request := serve():
            become(*request)
