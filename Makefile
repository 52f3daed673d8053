# Podium: the commands of the house. Each one is a line in setup/__main__.py, which says how.
.DEFAULT_GOAL := help
PYTHON ?= python3
SETUP = @$(PYTHON) -B -m setup

.PHONY: help run stop status reset test quick lint build wheel bench stop-docker

help:    ## 显示本页 · this page
	@sed -n 's/^\([a-z]*\): *## */  make \1\t/p' Makefile | expand -t 16

run:     ## 安装、迁移、载入演示并启动 (PORT=8000) · set up, migrate, load the demo, start (PORT=8000)
	$(SETUP) run
stop:    ## 停止网站和判题程序，数据保留 · stop the site and the worker, keep the data
	$(SETUP) stop
status:  ## 查看哪些程序在运行 · what is running, and where
	$(SETUP) status
reset:   ## 停止并删除全部数据 (YES=1 不再询问) · stop and delete all data (YES=1: do not ask)
	$(SETUP) reset

test:    ## 准备环境并运行全部测试 (<40 分钟) · set up and run every test (<40 minutes)
	$(SETUP) test $(ARGS)
quick:   ## 常用测试，不含 Docker 和浏览器 (<5 分钟) · tests without Docker or a browser (<5 minutes)
	$(SETUP) quick $(ARGS)
lint:    ## 代码规范、格式和类型检查 · lint, format and types
	$(SETUP) lint
build:   ## 构建前端、编译翻译 · build the front end, compile the translations
	$(SETUP) build
wheel:   ## 构建可安装的 wheel 到 dist/ · build an installable wheel into dist/
	$(SETUP) wheel
bench:   ## 性能测量 (bench/) · the measurements in bench/
	$(SETUP) bench $(ARGS)

# For CI: ends a Docker daemon that `make` itself started, and no other.
stop-docker:
	$(SETUP) stop-docker
