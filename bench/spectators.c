/* Thousands of spectators in one cheap process, on epoll.

   spectators PORT COUNT AT_ONCE OUT MESSAGE...
   Spectator n speaks WebSocket to 127.0.0.1:PORT. With messages it is a Socket.IO client that asks
   for MESSAGE number n modulo their count, such as ["watch",{"skill":"W17"}], and counts as there
   once it has its first board; with none ("-") it stands at a bare server and is there after the
   handshake. AT_ONCE connections are on their way at a time. When all are there it says "there
   SECONDS" on stdout; then, where all ask for the same, for each board that everybody has got "all
   MESSAGE SEQUENCE FIRST LAST" (monotonic nanoseconds), and "lost NUMBER" when a connection breaks. Every
   board that arrives is noted in OUT: message u32, sequence u32, released marks u32, size u32,
   nanoseconds u64. A client leaves out what it does not understand. It ends when stdin does. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define A_SOURCE 20000 /* connections from one address: a port each, of some 28,000 */
#define REMEMBERED 4096 /* sequences of a message that may be on their way */

struct spectator {
    int fd, message, there, upgraded;
    unsigned char *held; /* what came of a frame that is not whole */
    size_t length, room;
};

struct noted {
    uint32_t message, sequence, released, size;
    uint64_t at;
};

struct sequence {
    uint32_t number, heard;
    uint64_t first;
};

static struct spectator *all;
static struct sequence *seen; /* message × REMEMBERED */
static int *members, count, port, epoll, begun, there, messages;
static char **asked;
static FILE *out;
static unsigned char got[1 << 18];

static uint64_t now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

static void *kept(void *found) {
    if (!found) fprintf(stderr, "no memory\n"), exit(1);
    return found;
}

static void begin(void) {
    struct spectator *one = all + begun;
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.u32 = (uint32_t)begun};
    int yes = 1;
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)(begun / A_SOURCE));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)port);
    one->message = messages ? begun % messages : 0;
    one->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(one->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (one->fd < 0 || bind(one->fd, (struct sockaddr *)&from, sizeof from) ||
        (connect(one->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS)) {
        perror("a spectator cannot connect");
        exit(1);
    }
    epoll_ctl(epoll, EPOLL_CTL_ADD, one->fd, &event);
    begun++;
}

static void handshake(struct spectator *one) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)(one - all)};
    char text[512];
    int size = snprintf(text, sizeof text,
                        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
                        "Host: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "User-Agent: Mozilla/5.0 (Linux; Android 10; K) Chrome/142.0.0.0\r\n"
                        "Sec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", port);
    if (send(one->fd, text, (size_t)size, MSG_NOSIGNAL) != size) perror("handshake"), exit(1);
    epoll_ctl(epoll, EPOLL_CTL_MOD, one->fd, &event);
}

/* A short masked text frame; the mask is 0, which is allowed and costs nothing. */
static void say(struct spectator *one, const char *text) {
    unsigned char frame[200] = {0x81, 0};
    size_t size = strlen(text);
    if (size > 125) size = 125;
    frame[1] = (unsigned char)(0x80 | size);
    memcpy(frame + 6, text, size);
    if (send(one->fd, frame, size + 6, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET)
        perror("a spectator cannot speak");
}

static void arrived(struct spectator *one) {
    if (one->there) return;
    one->there = 1;
    there++;
    if (begun < count) begin();
}

static uint32_t number_after(const unsigned char *text, size_t size, const char *name) {
    size_t length = strlen(name), near = size > 80 ? size - 80 : 0;
    const unsigned char *found = memmem(text + near, size - near, name, length);
    if (!found) found = memmem(text, size, name, length);
    return found ? (uint32_t)strtoul((const char *)found + length, NULL, 10) : 0;
}

static void board(struct spectator *one, const unsigned char *text, size_t size, uint64_t at) {
    struct noted noted = {(uint32_t)one->message, number_after(text, size, "\"sequence\":"),
                          number_after(text, size, "\"progress\":{\"released\":"), (uint32_t)size, at};
    struct sequence *known = seen + one->message * REMEMBERED + noted.sequence % REMEMBERED;
    fwrite(&noted, sizeof noted, 1, out);
    if (known->number != noted.sequence) *known = (struct sequence){noted.sequence, 0, at};
    if (++known->heard == (uint32_t)members[one->message] && messages < 2)
        printf("all %d %u %llu %llu\n", one->message, noted.sequence,
               (unsigned long long)known->first, (unsigned long long)at);
}

static void frame(struct spectator *one, int opcode, const unsigned char *text, size_t size,
                  uint64_t at) {
    char asks[200];
    if (opcode == 9) { /* a ping of WebSocket's own */
        unsigned char pong[6] = {0x8A, 0x80};
        if (send(one->fd, pong, 6, MSG_NOSIGNAL) < 0) return;
    } else if (size > 10 && !memcmp(text, "42[\"board\"", 10)) {
        arrived(one);
        board(one, text, size, at);
    } else if (size && text[0] == '2') {
        say(one, "3");
    } else if (size && text[0] == '0') {
        say(one, "40");
    } else if (size > 1 && !memcmp(text, "40", 2) && messages) {
        snprintf(asks, sizeof asks, "42%s", asked[one->message]);
        say(one, asks);
    }
}

/* The whole frames at the beginning of `data`; gives how many bytes they were. */
static size_t frames(struct spectator *one, const unsigned char *data, size_t size, uint64_t at) {
    size_t used = 0;
    while (size - used >= 2) {
        const unsigned char *head = data + used;
        size_t length = head[1] & 127, before = 2;
        if (length == 126) before = 4;
        if (length == 127) before = 10;
        if (size - used < before) break;
        if (before > 2) {
            length = 0;
            for (size_t i = 2; i < before; i++) length = length << 8 | head[i];
        }
        if (size - used < before + length) break;
        frame(one, head[0] & 15, head + before, length, at);
        used += before + length;
    }
    return used;
}

static size_t parsed(struct spectator *one, const unsigned char *data, size_t size, uint64_t at) {
    size_t used = 0;
    if (!one->upgraded) {
        const unsigned char *end = memmem(data, size, "\r\n\r\n", 4);
        if (!end) return 0;
        if (size < 12 || memcmp(data, "HTTP/1.1 101", 12)) {
            fprintf(stderr, "%.*s\n", (int)size, data);
            exit(1);
        }
        one->upgraded = 1;
        used = (size_t)(end - data) + 4;
        if (!messages) arrived(one);
    }
    return used + frames(one, data + used, size - used, at);
}

static void hear(struct spectator *one) {
    ssize_t size = recv(one->fd, got, sizeof got, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) {
        printf("lost %d\n", (int)(one - all));
        close(one->fd);
        return;
    }
    uint64_t at = now();
    if (!one->length) {
        size_t used = parsed(one, got, (size_t)size, at), left = (size_t)size - used;
        if (left) {
            if (left > one->room) one->held = kept(realloc(one->held, one->room = left + 4096));
            memcpy(one->held, got + used, left);
            one->length = left;
        }
        return;
    }
    if (one->length + (size_t)size > one->room)
        one->held = kept(realloc(one->held, one->room = one->length + (size_t)size + 4096));
    memcpy(one->held + one->length, got, (size_t)size);
    one->length += (size_t)size;
    size_t used = parsed(one, one->held, one->length, at);
    memmove(one->held, one->held + used, one->length - used);
    one->length -= used;
}

int main(int words, char **word) {
    struct rlimit files;
    struct epoll_event events[1024];
    if (words < 6) return fprintf(stderr, "spectators PORT COUNT AT_ONCE OUT MESSAGE...\n"), 2;
    port = atoi(word[1]), count = atoi(word[2]);
    int at_once = atoi(word[3]), told = 0;
    asked = word + 5;
    messages = strcmp(word[5], "-") ? words - 5 : 0;
    out = fopen(word[4], "wb");
    if (!out) return perror(word[4]), 1;
    getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < (rlim_t)count + 32)
        return fprintf(stderr, "only %lu files may be open\n", (unsigned long)files.rlim_cur), 3;
    int kinds = messages ? messages : 1;
    all = kept(calloc((size_t)count, sizeof *all));
    seen = kept(calloc((size_t)kinds * REMEMBERED, sizeof *seen));
    members = kept(calloc((size_t)kinds, sizeof *members));
    for (int i = 0; i < count; i++) members[i % kinds]++;
    epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = UINT32_MAX};
    epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &event);
    uint64_t start = now();
    while (begun < count && begun < at_once) begin();
    for (;;) {
        int found = epoll_wait(epoll, events, 1024, 0);
        if (!found) { /* nothing to do: what was noted goes out */
            fflush(stdout);
            found = epoll_wait(epoll, events, 1024, -1);
        }
        for (int i = 0; i < found; i++) {
            if (events[i].data.u32 == UINT32_MAX) {
                char line[64];
                if (read(0, line, sizeof line) <= 0) return fclose(out), 0;
                continue;
            }
            struct spectator *one = all + events[i].data.u32;
            if (events[i].events & EPOLLOUT) handshake(one);
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) hear(one);
        }
        if (there == count && !told) {
            told = 1;
            printf("there %.3f\n", (double)(now() - start) / 1e9);
        }
    }
}
