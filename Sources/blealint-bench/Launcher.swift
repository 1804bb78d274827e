import Glibc

/// A small program between this one and what it measures.
///
/// Linux takes what a process held before it became another program (`execve`) for memory of that program
/// (`ru_maxrss`): a child of a benchmark that holds 200 MB seems to hold as much. So commands are started by a program of
/// a megabyte, made on the spot, which says how long they took and what they held.
struct Launcher {
  /// Nil where there is no C compiler: then memory is not told.
  let path: String?
  private let folder: TemporaryFolder

  /// The one for all measurements; see ``remove()``.
  static let shared = Launcher()

  /// Where the program says what it measured: nanoseconds, the status that `wait` gives, and bytes.
  static let descriptor: Int32 = 3

  private init() {
    folder = TemporaryFolder()
    path = folder.program("launcher", Self.source)
  }

  /// Removes the program, when everything is measured.
  func remove() { folder.remove(path) }

  private static let source = """
    #define _GNU_SOURCE
    #include <errno.h>
    #include <fcntl.h>
    #include <stdio.h>
    #include <sys/resource.h>
    #include <sys/wait.h>
    #include <time.h>
    #include <unistd.h>

    int main(int count, char **words) {
      struct timespec from, to;
      struct rusage usage;
      int status = 0;
      (void)count;
      fcntl(\(descriptor), F_SETFD, FD_CLOEXEC);
      clock_gettime(CLOCK_MONOTONIC, &from);
      pid_t child = vfork();
      if (child < 0) return 1;
      if (child == 0) {
        execvp(words[1], words + 1);
        _exit(127);
      }
      while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR) return 1;
      clock_gettime(CLOCK_MONOTONIC, &to);
      long long nanoseconds = (to.tv_sec - from.tv_sec) * 1000000000LL + to.tv_nsec - from.tv_nsec;
      /* Linux counts ru_maxrss in KiB. */
      dprintf(\(descriptor), "%lld %d %lld", nanoseconds, status, usage.ru_maxrss * 1024LL);
      return 0;
    }

    """
}
