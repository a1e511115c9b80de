/* A sendmail for tests: SINK -i -f RETURN-PATH -- RECIPIENT, the message on standard input.
 *
 * It keeps each message in SINK/messages/, appends one line to SINK/log when it has decided, and behaves as
 * SINK/rules says. A rule is a line of fields separated by tabs: a pattern for the recipient (fnmatch), then any
 * of exit=N, stderr=TEXT, signal=N, before=MS (waits before it reads), after=MS (waits before it decides),
 * hang=MS (decides, then waits without end of its own, with a child of the same group, which outlives it),
 * daemon=SECONDS (leaves a process of another session behind), times=N (the rule holds for the recipient's first
 * N messages). The first rule that fits counts; without any the message is accepted.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char *sink;

static char *in_sink(const char *name)
{
    static char paths[8][4096];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, 4096, "%s/%s", sink, name);
    return path;
}

/* The monotonic clock is everybody's, also where the other one has been shifted. */
static long long nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void wait_for(long milliseconds)
{
    struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    nanosleep(&time, NULL);
}

static char *read_all(int descriptor, size_t *size)
{
    size_t room = 65536;
    char *bytes = malloc(room + 1);
    ssize_t count;
    *size = 0;
    while (bytes && (count = read(descriptor, bytes + *size, room - *size)) > 0) {
        *size += count;
        if (*size == room)
            bytes = realloc(bytes, (room *= 2) + 1);
    }
    if (!bytes)
        exit(71);
    bytes[*size] = 0;
    return bytes;
}

static char *read_path(const char *path, size_t *size)
{
    int descriptor = open(path, O_RDONLY | O_NONBLOCK);
    *size = 0;
    if (descriptor < 0)
        return NULL;
    char *bytes = read_all(descriptor, size);
    close(descriptor);
    return bytes;
}

/* What every sendmail needs (section 5 of the contract); "ok", or what is wrong. */
static const char *verdict(int argc, char **argv, const char *message, size_t size)
{
    if (argc != 7 || strcmp(argv[2], "-i") || strcmp(argv[3], "-f") || strcmp(argv[5], "--"))
        return "arguments";
    if (strpbrk(argv[6], " ,<>\r\n\t") || argv[6][0] == '-' || !strchr(argv[6], '@'))
        return "recipient";
    if (strpbrk(argv[4], " ,<>\r\n\t") || argv[4][0] == '-')
        return "return path";
    if (size == 0)
        return "empty";
    size_t line = 0;
    int header = 1;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = message[i];
        if (byte == 0)
            return "NUL";
        if (byte == '\r')
            return "CR";
        if (header && byte >= 0x80)
            return "8 bit header";
        if (byte != '\n') {
            if (++line > 998)
                return "long line";
            continue;
        }
        if (line == 0)
            header = 0;
        line = 0;
    }
    return header ? "no body" : message[size - 1] == '\n' ? "ok" : "no line end";
}

static void message_id(const char *message, char *out, size_t room)
{
    const char *end = strstr(message, "\n\n");
    const char *found = strncasecmp(message, "Message-ID:", 11) ? strcasestr(message, "\nMessage-ID:") : message;
    *out = 0;
    if (!found || (end && found > end))
        return;
    found = strchr(found, ':') + 1;
    while (isspace((unsigned char)*found))
        found++;
    snprintf(out, room, "%.*s", (int)strcspn(found, " \t\n"), found);
}

/* Whether any file of SINK/journal names the recipient already: the intent must stand before the hand-over. */
static const char *intent(const char *recipient)
{
    DIR *directory = opendir(in_sink("journal"));
    const char *answer = "no";
    struct dirent *entry;
    if (!directory)
        return "unknown";
    errno = 0;
    while ((entry = readdir(directory))) {
        char path[8192];
        size_t size;
        snprintf(path, sizeof path, "%s/%s", in_sink("journal"), entry->d_name);
        if (entry->d_type != DT_REG)
            continue;
        char *bytes = read_path(path, &size);
        if (bytes && memmem(bytes, size, recipient, strlen(recipient)))
            answer = "yes";
        free(bytes);
    }
    /* On a disk that fails nothing can be said. */
    if (errno == EIO && *answer == 'n')
        answer = "unknown";
    closedir(directory);
    return answer;
}

/* How many lines of the log are about the recipient. */
static int submissions(const char *recipient)
{
    size_t size, length = strlen(recipient);
    char *log = read_path(in_sink("log"), &size);
    int count = 0;
    for (char *line = log; line && *line; line = strchr(line, '\n') + 1)
        count += !strncmp(line, recipient, length) && line[length] == '\t';
    free(log);
    return count;
}

/* The fields of the rule that fits, or an empty string. */
static char *rule(const char *recipient)
{
    size_t size;
    char *rules = read_path(in_sink("rules"), &size), *save = NULL;
    for (char *line = rules ? strtok_r(rules, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save)) {
        char *fields = strchr(line, '\t');
        if (!fields)
            continue;
        *fields = 0;
        char *times = strstr(fields + 1, "times=");
        if (fnmatch(line, recipient, 0) == 0 && (!times || submissions(recipient) < atoi(times + 6))) {
            *fields = '\t';
            return fields;
        }
    }
    return "";
}

static long number(const char *fields, const char *key)
{
    char wanted[32];
    snprintf(wanted, sizeof wanted, "\t%s=", key);
    const char *found = strstr(fields, wanted);
    return found ? atol(found + strlen(wanted)) : -1;
}

static void hang(long milliseconds)
{
    signal(SIGTERM, SIG_IGN);
    pid_t child = fork();
    char line[64];
    if (child > 0) {
        int descriptor = open(in_sink("children"), O_WRONLY | O_APPEND | O_CREAT, 0600);
        int length = snprintf(line, sizeof line, "%d\n%d\n", getpid(), child);
        if (descriptor < 0 || write(descriptor, line, length) != length)
            exit(71);
        close(descriptor);
    }
    wait_for(milliseconds);
    exit(0);
}

static void leave_daemon(long seconds)
{
    if (fork() == 0) {
        setsid();
        wait_for(seconds * 1000);
        exit(0);
    }
}

int main(int argc, char **argv)
{
    long long start = nanoseconds();
    if (argc < 3)
        return 64;
    sink = argv[1];
    char *recipient = argv[argc - 1];
    char *fields = rule(recipient);
    if (number(fields, "before") > 0)
        wait_for(number(fields, "before"));

    size_t size;
    char *message = read_all(0, &size);
    char identifier[1100], kept[64], path[4096];
    const char *judgement = verdict(argc, argv, message, size);
    message_id(message, identifier, sizeof identifier);
    snprintf(kept, sizeof kept, "messages/%lld.%d", start, getpid());
    snprintf(path, sizeof path, "%s", in_sink(kept));
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (descriptor < 0 || write(descriptor, message, size) != (ssize_t)size)
        return 71;
    close(descriptor);
    if (number(fields, "after") > 0)
        wait_for(number(fields, "after"));

    long status = number(fields, "exit"), end = number(fields, "signal"), hanging = number(fields, "hang");
    char outcome[32], line[8192];
    if (hanging > 0)
        snprintf(outcome, sizeof outcome, "hang");
    else if (end > 0)
        snprintf(outcome, sizeof outcome, "signal %ld", end);
    else
        snprintf(outcome, sizeof outcome, "%ld", status < 0 ? 0 : status);
    int length = snprintf(line, sizeof line, "%s\t%s\t%s\t%s\t%s\t%s\t%lld\t%lld\t%s\n", recipient,
        argc == 7 ? argv[4] : "", identifier, outcome, judgement, intent(recipient), start, nanoseconds(), kept);
    descriptor = open(in_sink("log"), O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (descriptor < 0 || write(descriptor, line, length) != length)
        return 71;

    char *text = strstr(fields, "\tstderr=");
    if (text)
        fprintf(stderr, "a first line\n%.*s\n", (int)strcspn(text + 8, "\t"), text + 8);
    if (number(fields, "daemon") > 0)
        leave_daemon(number(fields, "daemon"));
    if (hanging > 0)
        hang(hanging);
    if (end > 0) {
        raise(end);
        wait_for(1000);
    }
    return status < 0 ? 0 : status;
}
