/* The floor: the fewest system calls that do fileorg's job, on one thread.
 *
 *   floor scan DIR              list every file below DIR with its stat
 *   floor organize DIR TABLE    scan, then move every file to DIR/<Category>/name
 *
 * TABLE has lines "ext category"; what it does not name goes to Other. A taken
 * name becomes "stem (1).ext", "stem (2).ext"... Emptied folders are removed.
 * No journal and no fsync: this is what a tool that promises more is held against.
 * Names that begin with a dot are left alone, as fileorg leaves them.
 * Prints "files folders moved clashes". Any error ends it with status 1. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SLOTS 8192
#define MAX_CATEGORIES 256

struct linux_dirent64 {
    uint64_t d_ino;
    int64_t d_off;
    unsigned short d_reclen;
    unsigned char d_type;
    char d_name[];
};
struct dir { size_t path; int fd; };          /* path: offset in names, below DIR */
struct file { size_t name; uint32_t dir; int64_t size, mtime_ns; uint64_t ino; };
struct slot { char ext[32]; int category; };

static char *names;
static size_t names_used, names_room;
static struct dir *dirs;
static size_t ndirs, dirs_room;
static struct file *files;
static size_t nfiles, files_room;
static struct slot table[SLOTS];
static char *categories[MAX_CATEGORIES] = {"Other"};
static int category_fd[MAX_CATEGORIES];
static int ncategories = 1;
static int root;
static rlim_t fd_limit = 1024;

static void die(const char *what, const char *name) {
    fprintf(stderr, "floor: %s %s: %s\n", what, name, strerror(errno));
    exit(1);
}

static void *grow(void *old, size_t *room, size_t need, size_t item) {
    if (need <= *room) return old;
    *room = need * 2 + 1024;
    void *new = realloc(old, *room * item);
    if (!new) die("realloc", "");
    return new;
}

static size_t keep(const char *prefix, const char *name) {
    size_t a = strlen(prefix), b = strlen(name), at = names_used;
    size_t prefix_at = (size_t)(prefix - names);  /* a prefix may live in the block that moves */
    int inside = names && prefix >= names && prefix < names + names_used;
    names = grow(names, &names_room, names_used + a + b + 2, 1);
    if (inside) prefix = names + prefix_at;
    memcpy(names + at, prefix, a);
    if (a) names[at + a++] = '/';
    memcpy(names + at + a, name, b + 1);
    names_used = at + a + b + 1;
    return at;
}

static void add_dir(const char *parent, const char *name) {
    dirs = grow(dirs, &dirs_room, ndirs + 1, sizeof *dirs);
    size_t path = keep(parent, name);
    dirs[ndirs++] = (struct dir){path, -1};
}

static int open_dir(struct dir *d) {
    if (d->fd >= 0) return d->fd;
    const char *path = names[d->path] ? names + d->path : ".";
    int fd = openat(root, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) die("openat", path);
    return fd;
}

/* A folder stays open from its scan to its moves where the limit allows it. */
static void done_with(struct dir *d, int fd, int again) {
    if (again && (rlim_t)fd + MAX_CATEGORIES + 8 < fd_limit) { d->fd = fd; return; }
    close(fd);
    d->fd = -1;
}

static void scan(int again) {
    static char buffer[1 << 18];
    add_dir("", "");
    for (size_t i = 0; i < ndirs; i++) {
        int fd = open_dir(&dirs[i]);
        long got;
        while ((got = syscall(SYS_getdents64, fd, buffer, sizeof buffer)) > 0) {
            for (long at = 0; at < got;) {
                struct linux_dirent64 *e = (void *)(buffer + at);
                at += e->d_reclen;
                if (e->d_name[0] == '.') continue;
                if (e->d_type == DT_DIR) {
                    add_dir(names + dirs[i].path, e->d_name);
                    continue;
                }
                struct stat st;
                if (fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW)) die("fstatat", e->d_name);
                if (S_ISDIR(st.st_mode)) {     /* a file system without d_type */
                    add_dir(names + dirs[i].path, e->d_name);
                    continue;
                }
                files = grow(files, &files_room, nfiles + 1, sizeof *files);
                files[nfiles++] = (struct file){
                    keep("", e->d_name), (uint32_t)i, st.st_size,
                    st.st_mtim.tv_sec * 1000000000LL + st.st_mtim.tv_nsec, st.st_ino};
            }
        }
        if (got < 0) die("getdents64", names + dirs[i].path);
        done_with(&dirs[i], fd, again);
    }
}

static struct slot *find(const char *ext) {
    uint32_t h = 2166136261u;
    for (const char *p = ext; *p; p++) h = (h ^ (unsigned char)*p) * 16777619u;
    for (h %= SLOTS; table[h].ext[0] && strcmp(table[h].ext, ext); h = (h + 1) % SLOTS) {}
    return &table[h];
}

static void read_table(const char *path) {
    FILE *in = fopen(path, "r");
    char line[512];
    if (!in) die("open", path);
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = 0;
        char *category = strchr(line, ' ');
        if (!category || category - line >= 32) continue;
        *category++ = 0;
        int c = 0;
        while (c < ncategories && strcmp(categories[c], category)) c++;
        if (c == MAX_CATEGORIES) { errno = E2BIG; die("categories", path); }
        if (c == ncategories) categories[ncategories++] = strdup(category);
        struct slot *s = find(line);
        if (s->ext[0]) continue;               /* the first category that names it has it */
        strcpy(s->ext, line);
        s->category = c;
    }
    fclose(in);
}

static int category_of(const char *name) {
    const char *dot = strrchr(name, '.');
    char ext[32];
    size_t n = 0;
    if (!dot || dot == name || strlen(dot + 1) >= sizeof ext) return 0;
    for (const char *p = dot + 1; *p; p++) ext[n++] = (char)tolower((unsigned char)*p);
    ext[n] = 0;
    return n ? find(ext)->category : 0;
}

static int target(int c) {
    if (category_fd[c] > 0) return category_fd[c];
    if (mkdirat(root, categories[c], 0777) && errno != EEXIST) die("mkdirat", categories[c]);
    category_fd[c] = openat(root, categories[c], O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (category_fd[c] < 0) die("openat", categories[c]);
    return category_fd[c];
}

static size_t move(int from, const char *name, int to) {
    char other[512];
    const char *wanted = name, *dot = strrchr(name, '.');
    int stem = (int)(dot && dot != name ? (size_t)(dot - name) : strlen(name));
    size_t n = 0;
    while (renameat2(from, name, to, wanted, RENAME_NOREPLACE)) {
        if (errno != EEXIST) die("renameat2", name);
        snprintf(other, sizeof other, "%.*s (%zu)%s", stem, name, ++n, name + stem);
        wanted = other;
    }
    return n;
}

static void organize(void) {
    size_t moved = 0, clashes = 0;
    for (size_t i = 0, f = 0; i < ndirs; i++) {
        if (f == nfiles || files[f].dir != i) continue;
        int fd = open_dir(&dirs[i]);
        for (; f < nfiles && files[f].dir == i; f++) {
            const char *name = names + files[f].name;
            int c = category_of(name);
            if (!strcmp(names + dirs[i].path, categories[c])) continue;  /* in place */
            clashes += move(fd, name, target(c)) > 0;
            moved++;
        }
        done_with(&dirs[i], fd, 0);
    }
    for (size_t i = ndirs; i-- > 1;)           /* children were found after their parents */
        if (unlinkat(root, names + dirs[i].path, AT_REMOVEDIR) && errno != ENOTEMPTY)
            die("rmdir", names + dirs[i].path);
    printf("%zu %zu %zu %zu\n", nfiles, ndirs, moved, clashes);
}

int main(int argc, char **argv) {
    int scans = argc == 3 && !strcmp(argv[1], "scan");
    int organizes = argc == 4 && !strcmp(argv[1], "organize");
    if (!scans && !organizes) {
        fprintf(stderr, "usage: floor scan DIR | floor organize DIR TABLE\n");
        return 2;
    }
    struct rlimit limit;
    if (!getrlimit(RLIMIT_NOFILE, &limit)) {
        limit.rlim_cur = limit.rlim_max;
        if (!setrlimit(RLIMIT_NOFILE, &limit)) fd_limit = limit.rlim_cur;
    }
    root = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) die("open", argv[2]);
    if (organizes) read_table(argv[3]);
    scan(organizes);
    if (organizes) organize();
    else printf("%zu %zu 0 0\n", nfiles, ndirs);
    return 0;
}
