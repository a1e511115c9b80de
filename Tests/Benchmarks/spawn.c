/* Runs a program COUNT times, CONCURRENCY at a time, and does nothing else: the limit that a tick is measured against. */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

int main(int argc, char **argv) {
    extern char **environ;
    if (argc != 4) return 64;
    int count = atoi(argv[1]), concurrency = atoi(argv[2]), running = 0;
    char *arguments[] = {argv[3], "-i", "-f", "a@example.org", "--", "b@example.org", NULL};
    while (count > 0 || running > 0) {
        while (count > 0 && running < concurrency) {
            pid_t id;
            if (posix_spawn(&id, argv[3], NULL, NULL, arguments, environ) != 0) return 71;
            count--;
            running++;
        }
        int status;
        if (waitpid(-1, &status, 0) > 0) running--;
    }
    return 0;
}
