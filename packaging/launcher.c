/*
 * The single executable: a folder as tar inside of an ELF file, and the few lines that run it.
 *
 * It unpacks the folder where programs may run, and then becomes the program in it: one process
 * with one id, so that signals and exit codes are the program's own. A second process, the sweeper,
 * waits until the program and all that it forked are gone, however they ended, and removes the
 * folder. It is started before the first byte is unpacked, so that nothing is left behind. What
 * --version says is known here already.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNAVAILABLE 12 /* fileorg's exit code where a disk can't be used */

__asm__(".section .rodata\n"
        ".balign 4096\n"
        "payload: .incbin \"payload.tar\"\n"
        "payload_end:\n"
        "version: .incbin \"version.txt\"\n"
        "version_end:\n"
        ".previous\n");
extern const char payload[], payload_end[], version[], version_end[];

enum { BLOCK = 512, NAME = 0, MODE = 100, SIZE = 124, TYPE = 156, LINK = 157, PREFIX = 345 };

/* One entry of the tar file, which is ustar as Python's tarfile writes it. */
struct entry {
    char name[257], link[101], type;
    mode_t mode;
    size_t size;
    const char *data, *next;
};

static int read_entry(const char *at, struct entry *entry)
{
    if (at + BLOCK > payload_end || !at[NAME])
        return 0;
    snprintf(entry->name, sizeof entry->name, "%.155s%s%.100s", at + PREFIX,
             at[PREFIX] ? "/" : "", at + NAME);
    snprintf(entry->link, sizeof entry->link, "%.100s", at + LINK);
    entry->type = at[TYPE];
    entry->mode = strtoul(at + MODE, NULL, 8);
    entry->size = strtoul(at + SIZE, NULL, 8);
    entry->data = at + BLOCK;
    entry->next = entry->data + (entry->size + BLOCK - 1) / BLOCK * BLOCK;
    return 1;
}

static int write_file(int folder, const struct entry *entry)
{
    int file = openat(folder, entry->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, entry->mode);
    if (file < 0)
        return -1;
    for (size_t done = 0; done < entry->size;) {
        ssize_t now = write(file, entry->data + done, entry->size - done);
        if (now < 0)
            return -1;
        done += now;
    }
    return close(file);
}

static int is_file(const struct entry *entry)
{
    return entry->type != '5' && entry->type != '2';
}

/* Make the folders and links. */
static int lay_out(int folder)
{
    struct entry entry;
    for (const char *at = payload; read_entry(at, &entry); at = entry.next)
        if (!is_file(&entry) && (entry.type == '5' ? mkdirat(folder, entry.name, 0700)
                                                   : symlinkat(entry.link, folder, entry.name)))
            return -1;
    return 0;
}

/* Write the files whose entries begin in one half of the payload. */
static int write_half(int folder, int is_second)
{
    const char *middle = payload + (payload_end - payload) / 2;
    struct entry entry;
    for (const char *at = payload; read_entry(at, &entry); at = entry.next)
        if (is_file(&entry) && (at >= middle) == is_second && write_file(folder, &entry))
            return -1;
    return 0;
}

/* Unpack everything, half of it by another process: one takes 25 ms to write 42 MB. */
static int unpack(int folder)
{
    int status;
    if (lay_out(folder))
        return -1;
    pid_t other = fork();
    if (other < 0)
        return write_half(folder, 0) || write_half(folder, 1);
    if (!other)
        _exit(write_half(folder, 1) ? errno : 0);
    int failed = write_half(folder, 0), error = errno;
    if (waitpid(other, &status, 0) != other)
        return -1;
    if (!failed && !status)
        return 0;
    errno = failed ? error : WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
    return -1;
}

/* Remove what was unpacked from that entry on, the last first, so that folders are empty. */
static void sweep(int folder, const char *at)
{
    struct entry entry;
    if (!read_entry(at, &entry))
        return;
    sweep(folder, entry.next);
    unlinkat(folder, entry.name, entry.type == '5' ? AT_REMOVEDIR : 0);
}

/* Show in lists of processes what this one is, instead of the command of the program. */
static void rename_process(int argc, char **argv)
{
    size_t length = argv[argc - 1] + strlen(argv[argc - 1]) - argv[0];
    memset(argv[0], 0, length);
    strncpy(argv[0], "fileorg-sweeper", length);
    prctl(PR_SET_NAME, "fileorg-sweeper");
}

/* Move a handle off the numbers of standard streams, which the caller may have closed. */
static int lifted(int handle, int is_own)
{
    int kept = fcntl(handle, is_own ? F_DUPFD_CLOEXEC : F_DUPFD, 3);
    close(handle);
    return kept;
}

/* Start the process that removes the folder when the returned pipe has no writer any more. */
static int start_sweeper(const char *path, int folder, int argc, char **argv)
{
    int ends[2];
    if (pipe(ends) || (ends[0] = lifted(ends[0], 1)) < 0 || (ends[1] = lifted(ends[1], 0)) < 0)
        return -1;
    pid_t child = fork();
    if (child < 0)
        return -1;
    if (child) {
        close(ends[0]);
        return waitpid(child, NULL, 0) == child ? ends[1] : -1;
    }
    if (fork())
        _exit(0); /* so that the program has no child that it did not fork itself */
    setsid();
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    int pipe_end = dup2(ends[0], 0), own_folder = dup2(folder, 1);
    close_range(2, ~0U, 0); /* who reads what we write or holds a lock need not wait for us */
    if (chdir("/")) /* nor who unmounts the disk */
        _exit(1);
    rename_process(argc, argv);
    char byte;
    while (read(pipe_end, &byte, 1) < 0 && errno == EINTR)
        ;
    sweep(own_folder, payload);
    rmdir(path);
    _exit(0);
}

static void run(const char *path, char **argv)
{
    char program[4096], libraries[8192];
    const char *before = getenv("LD_LIBRARY_PATH");
    snprintf(program, sizeof program, "%s/fileorg", path);
    snprintf(libraries, sizeof libraries, "%s/_internal%s%s", path, before ? ":" : "",
             before ? before : "");
    if (before)
        setenv("LD_LIBRARY_PATH_ORIG", before, 1);
    setenv("LD_LIBRARY_PATH", libraries, 1);
    /* What PyInstaller's program sets before it starts itself anew with these libraries. */
    setenv("_PYI_ARCHIVE_FILE", program, 1);
    setenv("_PYI_PARENT_PROCESS_LEVEL", "-1", 1);
    argv[0] = program; /* where it finds itself, even without /proc */
    execv(program, argv);
    if (errno == ENOENT) { /* it is there, so it is the loader that is not */
        fputs("fileorg: this program needs glibc, which this system does not have\n", stderr);
        exit(UNAVAILABLE);
    }
}

/* Run from a new folder in *parent*; return why that can't be. */
static const char *run_in(const char *parent, int argc, char **argv)
{
    struct statvfs disk;
    char path[4000];
    if (*parent != '/')
        return "not an absolute path";
    if (snprintf(path, sizeof path, "%s/.fileorg-XXXXXX", parent) >= (int)sizeof path)
        return "path too long";
    if (statvfs(parent, &disk))
        return strerror(errno);
    if (disk.f_flag & ST_NOEXEC)
        return "mounted noexec";
    if (!mkdtemp(path))
        return strerror(errno);
    int folder = lifted(open(path, O_RDONLY | O_DIRECTORY), 1);
    int sweeper = folder < 0 ? -1 : start_sweeper(path, folder, argc, argv);
    if (sweeper < 0) {
        int error = errno;
        rmdir(path);
        return strerror(error);
    }
    if (!unpack(folder))
        run(path, argv);
    const char *reason = strerror(errno);
    close(folder);
    close(sweeper); /* which lets it remove what there is */
    return reason;
}

/* Answer --version; what becomes of a closed or full stdout is left to the program. */
static int is_told(int argc, char **argv)
{
    if (argc != 2 || (strcmp(argv[1], "--version") && strcmp(argv[1], "-V")))
        return 0;
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    int told = write(1, version, version_end - version) == version_end - version;
    signal(SIGPIPE, before);
    return told;
}

int main(int argc, char **argv)
{
    if (is_told(argc, argv))
        return 0;
    signal(SIGCHLD, SIG_DFL); /* whoever ignores it would keep us from waiting for our own */
    /* In memory first: a run that syncs the disk of /tmp would have to wait for all of this. */
    const char *parents[] = {getenv("TMPDIR"), "/dev/shm", "/tmp", "/var/tmp"};
    char reasons[8192] = "";
    for (size_t i = 0; i < sizeof parents / sizeof *parents; i++) {
        if (!parents[i] || !*parents[i] || (i && parents[0] && !strcmp(parents[0], parents[i])))
            continue;
        const char *reason = run_in(parents[i], argc, argv);
        size_t used = strlen(reasons);
        snprintf(reasons + used, sizeof reasons - used, "%s%s: %s", used ? ", " : "", parents[i],
                 reason);
    }
    fprintf(stderr,
            "fileorg: no folder to unpack itself into (%s); set TMPDIR to one with 50 MB of room "
            "where programs may run\n",
            reasons);
    return UNAVAILABLE;
}
