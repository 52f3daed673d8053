/* Programs whose processor time and memory are known: known WHAT MILLISECONDS-OR-MEGABYTES...
   Each ends by printing the milliseconds that it and all its children, by their own clocks, used. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double clock_ms(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* What this process and those it waited for used since main began, and what left it has told. */
static double began, *told;

static double used(void) {
    struct rusage sum;
    getrusage(RUSAGE_CHILDREN, &sum);
    double children = (sum.ru_utime.tv_sec + sum.ru_stime.tv_sec) * 1e3 +
                      (sum.ru_utime.tv_usec + sum.ru_stime.tv_usec) / 1e3;
    return clock_ms(CLOCK_PROCESS_CPUTIME_ID) - began + children + *told;
}

/* Burns so much of this thread's own processor time. */
static void burn(double ms) {
    volatile unsigned work = 1;
    double end = clock_ms(CLOCK_THREAD_CPUTIME_ID) + ms;
    while (clock_ms(CLOCK_THREAD_CPUTIME_ID) < end)
        for (int i = 0; i < 200; i++) work = work * 1103515245 + 12345;
}

static void *burn_thread(void *ms) {
    burn(*(double *)ms);
    return NULL;
}

static char *touch(size_t mb, int flags) {
    char *found = mmap(NULL, mb << 20, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
    if (found == MAP_FAILED) exit(3);
    for (size_t at = 0; at < mb << 20; at += 4096) found[at] = 1;
    return found;
}

/* A child of a child in a session of its own: nobody's wait4 ever counts it. */
static void leave(void (*what)(double), double amount) {
    int done[2];
    char byte;
    if (pipe(done)) exit(3);
    pid_t child = fork();
    if (child == 0) {
        setsid();
        if (fork() == 0) {
            what(amount);
            *told += clock_ms(CLOCK_PROCESS_CPUTIME_ID);
            _exit(write(done[1], "x", 1) != 1);
        }
        _exit(0);
    }
    waitpid(child, NULL, 0);
    close(done[1]);
    if (read(done[0], &byte, 1) != 1) exit(3);
}

static void hold(double mb) { touch((size_t)mb, MAP_PRIVATE); }

static void deep(double mb) {
    volatile char page[65536]; /* a frame of the stack */
    for (int at = 0; at < 65536; at += 4096) page[at] = 1;
    if (mb > 0.0625) deep(mb - 0.0625);
    if (page[0] != 1) exit(3);
}

int main(int count, char **words) {
    const char *what = words[1];
    double first = count > 2 ? atof(words[2]) : 0, second = count > 3 ? atof(words[3]) : 0;
    int ready[2], number = (int)second;
    char byte;
    began = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!strcmp(what, "burn")) burn(first);
    else if (!strcmp(what, "calls")) {
        double end = clock_ms(CLOCK_THREAD_CPUTIME_ID) + first;
        while (clock_ms(CLOCK_THREAD_CPUTIME_ID) < end) getppid();
    } else if (!strcmp(what, "threads")) {
        pthread_t threads[8];
        for (int i = 0; i < number; i++) pthread_create(&threads[i], NULL, burn_thread, &first);
        for (int i = 0; i < number; i++) pthread_join(threads[i], NULL);
    } else if (!strcmp(what, "children")) {
        for (int i = 0; i < number; i++) {
            if (fork() == 0) { burn(first); _exit(0); }
            wait(NULL);
        }
    } else if (!strcmp(what, "left")) {
        burn(first);
        leave(burn, second);
    } else if (!strcmp(what, "hold")) touch((size_t)first, MAP_PRIVATE);
    else if (!strcmp(what, "shared")) touch((size_t)first, MAP_SHARED);
    else if (!strcmp(what, "freed")) {
        munmap(touch((size_t)first, MAP_PRIVATE), (size_t)first << 20);
        touch((size_t)second, MAP_PRIVATE);
    } else if (!strcmp(what, "stack")) deep(first);
    else if (!strcmp(what, "held-left")) leave(hold, first);
    else if (!strcmp(what, "file")) {
        static char block[1 << 20];
        int file = open("held", O_CREAT | O_WRONLY, 0600);
        for (int i = 0; i < (int)first; i++)
            if (write(file, block, sizeof block) != sizeof block) return 3;
    } else if (!strcmp(what, "family")) {
        if (pipe(ready)) return 3;
        for (int i = 0; i < number; i++)
            if (fork() == 0) {
                touch((size_t)first, MAP_PRIVATE);
                if (write(ready[1], "x", 1) != 1) _exit(3);
                pause();
            }
        for (int i = 0; i < number; i++)
            if (read(ready[0], &byte, 1) != 1) return 3;
    } else return 2;
    printf("%.3f\n", used());
    return 0;
}
