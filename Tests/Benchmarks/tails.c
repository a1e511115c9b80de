/* The least that a status over finished mailings has to do: asks for each document in DIR/done and reads the last 4 KB
 * of each journal in DIR/journal. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char path[4096], buffer[4096];
    long bytes = 0;
    for (int pass = 0; pass < 2 && argc > 1; pass++) {
        snprintf(path, sizeof path, "%s/%s", argv[1], pass ? "journal" : "done");
        DIR *directory = opendir(path);
        struct dirent *entry;
        while (directory && (entry = readdir(directory))) {
            struct statx status;
            statx(dirfd(directory), entry->d_name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &status);
            if (!pass)
                continue;
            int file = openat(dirfd(directory), entry->d_name, O_RDONLY | O_NONBLOCK);
            long start = (long)status.stx_size - (long)sizeof buffer;
            bytes += pread(file, buffer, sizeof buffer, start > 0 ? start : 0);
            close(file);
        }
    }
    return bytes < 0;
}
