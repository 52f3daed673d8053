/* Does what the first word of its input says: each way to meet a limit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long deep(long n) { volatile char here[64]; here[0] = 1; return n ? here[0] + deep(n - 1) : 0; }

int main(void) {
    char word[32];
    long a, b;
    if (scanf("%31s", word) != 1) return 1;
    if (!strcmp(word, "sum") && scanf("%ld %ld", &a, &b) == 2) printf("%ld\n", a + b);
    if (!strcmp(word, "spin")) for (volatile long n = 0;; n++) { }
    if (!strcmp(word, "sleep")) for (;;) sleep(60);
    if (!strcmp(word, "memory")) for (;;) memset(malloc(1 << 20), 1, 1 << 20);
    if (!strcmp(word, "output")) for (;;) puts("again and again and again");
    if (!strcmp(word, "deep")) printf("%ld\n", deep(500000));
    if (!strcmp(word, "exit")) return 7;
    if (!strcmp(word, "signal")) *(volatile int *)0 = 1;
    if (!strcmp(word, "processes")) {
        int started = 0;
        for (int pid; started < 400 && (pid = fork()) >= 0; started++) if (pid == 0) { sleep(60); _exit(0); }
        printf("%d\n", started);
    }
    return 0;
}
