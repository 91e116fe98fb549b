/* A disk that can be asked about its past, and told to fail. Preloaded into a process under test, it keeps a log of every
 * write, truncation and sync of the files whose path starts with $DISK_OF, in the order in which they happened, in
 * $DISK_LOG; and while the file $DISK_FAULT exists, which holds the number of an error, their writes and syncs fail: all
 * of them, or, where a text stands behind the number, all from the first sync after a write that contains this text.
 *
 * A record is: kind (1 byte), length of the name (2), offset (8), length of the data (8), name, data. Little endian. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST 4096
static char *names[MOST];
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static const char *name_of(int fd) { return fd >= 0 && fd < MOST ? names[fd] : NULL; }

static int opened(int fd, const char *path) {
    const char *prefix = getenv("DISK_OF");
    if (fd < 0 || fd >= MOST || !prefix || strncmp(path, prefix, strlen(prefix))) return fd;
    const char *rest = path + strlen(prefix);
    /* Shared memory and locks do not outlive a power cut. */
    if (strcmp(rest, "-shm") && strcmp(rest, ".lock")) names[fd] = strdup(strrchr(path, '/') + 1);
    return fd;
}

/* The number of the error with which the next operation fails, or 0. A write is only looked at for the text. */
static int refused(const void *data, size_t length) {
    static int is_written = 0, is_gone = 0;
    const char *path = getenv("DISK_FAULT");
    FILE *file = path ? fopen(path, "r") : NULL;
    char text[64];
    int number = 0;
    if (!file) return is_written = is_gone = 0;
    int fields = fscanf(file, "%d %63[^\n]", &number, text);
    fclose(file);
    if (fields < 1) number = EIO;
    if (fields == 2 && !is_gone) {
        if (data && memmem(data, length, text, strlen(text))) is_written = 1;
        if (data || !is_written) return 0;
        is_gone = 1;
    }
    errno = number;
    return number;
}

static void note(char kind, const char *name, uint64_t offset, const void *data, uint64_t length) {
    static int log_fd = -1;
    const char *path = getenv("DISK_LOG");
    if (!path) return;
    if (log_fd < 0) {
        REAL(int, "open", const char *, int, ...);
        log_fd = real(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    }
    char head[19] = {kind};
    uint16_t name_length = (uint16_t)strlen(name);
    memcpy(head + 1, &name_length, 2);
    memcpy(head + 3, &offset, 8);
    memcpy(head + 11, &length, 8);
    struct iovec parts[] = {{head, sizeof head}, {(void *)name, name_length}, {(void *)data, length}};
    if (writev(log_fd, parts, 3) < 0) abort();
}

#define OPEN(function) \
    int function(const char *path, int flags, ...) { \
        REAL(int, #function, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = (flags & O_CREAT) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return opened(real(path, flags, mode), path); \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    REAL(int, "close", int);
    if (name_of(fd)) names[fd] = NULL;
    return real(fd);
}

#define WRITE(function, offset_type) \
    ssize_t function(int fd, const void *data, size_t length, offset_type offset) { \
        REAL(ssize_t, #function, int, const void *, size_t, offset_type); \
        const char *name = name_of(fd); \
        if (!name) return real(fd, data, length, offset); \
        if (refused(data, length)) return -1; \
        pthread_mutex_lock(&turn); \
        ssize_t written = real(fd, data, length, offset); \
        if (written > 0) note('W', name, (uint64_t)offset, data, (uint64_t)written); \
        pthread_mutex_unlock(&turn); \
        return written; \
    }
WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

#define TRUNCATE(function, offset_type) \
    int function(int fd, offset_type length) { \
        REAL(int, #function, int, offset_type); \
        const char *name = name_of(fd); \
        if (!name) return real(fd, length); \
        if (refused("", 0)) return -1; \
        pthread_mutex_lock(&turn); \
        int result = real(fd, length); \
        if (!result) note('T', name, (uint64_t)length, "", 0); \
        pthread_mutex_unlock(&turn); \
        return result; \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(function) \
    int function(int fd) { \
        REAL(int, #function, int); \
        const char *name = name_of(fd); \
        if (!name) return real(fd); \
        if (refused(NULL, 0)) return -1; \
        pthread_mutex_lock(&turn); \
        int result = real(fd); \
        if (!result) note('S', name, 0, "", 0); \
        pthread_mutex_unlock(&turn); \
        return result; \
    }
SYNC(fsync)
SYNC(fdatasync)
