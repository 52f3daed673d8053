/* The limit of a broadcast: a bare WebSocket server on epoll, which can do nothing else.

   fanout_limit PORT SIZE
   It answers the handshake of whoever comes. For every line on stdin it sends one text frame with a
   payload of SIZE bytes to everybody, made once, one non-blocking send() each, and says
   "NUMBER BEGIN END" (monotonic nanoseconds) on stdout. A client that takes only a part is sent the
   rest when it can take it, and is passed over meanwhile. bench/fanout.py compiles and starts it. */

#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 65536
#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

struct client {
    int open;            /* the handshake is over */
    int length;          /* of the request so far */
    char *rest, *from;   /* what is left of a frame: what to free, and where it goes on */
    size_t left;
    char request[1024];
};

static struct client *clients[MOST];
static int highest, epoll;

static uint64_t now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static uint32_t turned(uint32_t word, int by) { return word << by | word >> (32 - by); }

/* SHA-1 of at most 119 bytes: a handshake needs 60. */
static void sha1(const char *text, size_t size, unsigned char out[20]) {
    unsigned char block[128] = {0};
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    size_t whole = size + 9 <= 64 ? 64 : 128;
    memcpy(block, text, size);
    block[size] = 0x80;
    for (int i = 0; i < 8; i++) block[whole - 1 - i] = (unsigned char)((uint64_t)size * 8 >> 8 * i);
    for (size_t at = 0; at < whole; at += 64) {
        uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 16; i++) {
            const unsigned char *p = block + at + 4 * i;
            w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        }
        for (int i = 16; i < 80; i++) w[i] = turned(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        for (int i = 0; i < 80; i++) {
            uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                         : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                         : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                                  : (b ^ c ^ d) + 0xCA62C1D6;
            uint32_t next = turned(a, 5) + f + e + w[i];
            e = d, d = c, c = turned(b, 30), b = a, a = next;
        }
        h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
    }
    for (int i = 0; i < 20; i++) out[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}

static void base64(const unsigned char in[20], char out[29]) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0, o = 0; i < 21; i += 3, o += 4) {
        uint32_t three = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | (i == 18 ? 0 : in[i + 2]);
        for (int k = 0; k < 4; k++) out[o + k] = digits[three >> (18 - 6 * k) & 63];
    }
    out[27] = '=';
    out[28] = 0;
}

static void gone(int fd) {
    free(clients[fd]->rest);
    free(clients[fd]);
    clients[fd] = NULL;
    close(fd);
}

static void arrive(int listener) {
    int fd, one = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        if (fd >= MOST) {
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        clients[fd] = calloc(1, sizeof **clients);
        if (!clients[fd]) fail("calloc");
        if (fd > highest) highest = fd;
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

static void greet(int fd) {
    struct client *client = clients[fd];
    char *key = strcasestr(client->request, "\r\nSec-WebSocket-Key: "), joined[128], accept[29], answer[256];
    unsigned char digest[20];
    if (!key || sscanf(key + 21, "%60[^\r\n]", joined) != 1) {
        gone(fd);
        return;
    }
    strcat(joined, GUID);
    sha1(joined, strlen(joined), digest);
    base64(digest, accept);
    int size = snprintf(answer, sizeof answer,
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    if (send(fd, answer, (size_t)size, MSG_NOSIGNAL) != size) {
        gone(fd);
        return;
    }
    client->open = 1;
}

static void hear(int fd) {
    struct client *client = clients[fd];
    char thrown[4096];
    if (client->open) { /* nobody has anything to say */
        ssize_t got = recv(fd, thrown, sizeof thrown, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN)) gone(fd);
        return;
    }
    size_t room = sizeof client->request - 1 - (size_t)client->length;
    ssize_t got = recv(fd, client->request + client->length, room, 0);
    if (got <= 0) {
        gone(fd);
        return;
    }
    client->length += (int)got;
    client->request[client->length] = 0;
    if (strstr(client->request, "\r\n\r\n")) greet(fd);
}

static void go_on(int fd) {
    struct client *client = clients[fd];
    ssize_t sent = send(fd, client->from, client->left, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
        gone(fd);
        return;
    }
    if (sent > 0) client->from += sent, client->left -= (size_t)sent;
    if (client->left == 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        free(client->rest);
        client->rest = NULL;
        epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
    }
}

static void broadcast(size_t size, unsigned number) {
    char *frame = malloc(size + 128);
    if (!frame) fail("malloc");
    uint64_t begin = now();
    size_t head = size < 126 ? 2 : size < 65536 ? 4 : 10;
    frame[0] = (char)0x81;
    frame[1] = (char)(head == 2 ? size : head == 4 ? 126 : 127);
    for (size_t i = 2; i < head; i++) frame[i] = (char)((uint64_t)size >> 8 * (head - 1 - i));
    char *payload = frame + head, end[64];
    memset(payload, '.', size);
    memcpy(payload, "42[\"board\",{\"rows\":\"", 20);
    int tail = snprintf(end, sizeof end, "\",\"sequence\":%u}]", number);
    memcpy(payload + size - tail, end, (size_t)tail);
    size_t whole = head + size;
    for (int fd = 0; fd <= highest; fd++) {
        struct client *client = clients[fd];
        if (!client || !client->open || client->rest) continue;
        ssize_t sent = send(fd, frame, whole, MSG_NOSIGNAL);
        if (sent == (ssize_t)whole) continue;
        if (sent < 0 && errno != EAGAIN) continue; /* gone: its epoll event says so in a moment */
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.fd = fd};
        client->left = whole - (size_t)(sent < 0 ? 0 : sent);
        client->rest = client->from = malloc(client->left);
        if (!client->rest) fail("malloc");
        memcpy(client->rest, frame + whole - client->left, client->left);
        epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
    }
    printf("%u %llu %llu\n", number, (unsigned long long)begin, (unsigned long long)now());
    fflush(stdout);
    free(frame);
}

int main(int count, char **words) {
    if (count < 3) return fprintf(stderr, "fanout_limit PORT SIZE\n"), 2;
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(words[1])),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    size_t size = (size_t)atol(words[2]);
    int one = 1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (size < 64) return fprintf(stderr, "a frame has at least 64 bytes\n"), 2;
    if (bind(listener, (struct sockaddr *)&here, sizeof here)) fail("bind");
    if (listen(listener, 4096)) fail("listen");
    epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[512];
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    event.data.fd = 0;
    epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &event);
    printf("ready\n");
    fflush(stdout);
    for (unsigned number = 0;;) {
        int found = epoll_wait(epoll, events, 512, -1);
        for (int i = 0; i < found; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                arrive(fd);
            } else if (fd == 0) {
                char line[64];
                if (read(0, line, sizeof line) <= 0) return 0;
                broadcast(size, ++number);
            } else if (clients[fd]) {
                if (clients[fd]->rest && events[i].events & EPOLLOUT) go_on(fd);
                if (clients[fd] && events[i].events & ~(uint32_t)EPOLLOUT) hear(fd);
            }
        }
    }
}
