package main

import (
	"fmt"
	"log/slog"
	"time"
)

// log is what goes on below the commands and behind the pages, on standard error, as log.format and log.level say. Notices and services are
// foreign, so every text in it is one line without control characters.
func (a *app) log() *slog.Logger {
	return a.logFrom(a.level())
}

// feedLog is what a feed says of its requests. A command that ends at once tells how far it is in another way, so that here it hears of trouble alone.
func (a *app) feedLog() *slog.Logger {
	level := a.level()
	if !a.stays && level == slog.LevelInfo {
		level = slog.LevelWarn
	}
	return a.logFrom(level)
}

// level is the least that is written down.
func (a *app) level() (level slog.Level) {
	if err := level.UnmarshalText([]byte(a.config.Log.Level)); err != nil {
		return slog.LevelInfo // before the configuration is read
	}
	return level
}

func (a *app) logFrom(level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level, ReplaceAttr: a.attribute}
	if a.config.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(a.stderr, o))
	}
	return slog.New(slog.NewTextHandler(a.stderr, o))
}

// attribute is an attribute as it is written down. The talk of a command that ends at once has no times.
func (a *app) attribute(groups []string, at slog.Attr) slog.Attr {
	if at.Key == slog.TimeKey && len(groups) == 0 && !a.stays && a.config.Log.Format != "json" {
		return slog.Attr{}
	}
	switch v := at.Value; v.Kind() {
	case slog.KindString:
		at.Value = slog.StringValue(oneLine(v.String()))
	case slog.KindDuration:
		at.Value = slog.StringValue(v.Duration().Round(time.Millisecond).String())
	case slog.KindAny:
		switch x := v.Any().(type) {
		case error:
			at.Value = slog.StringValue(oneLine(x.Error()))
		case fmt.Stringer:
			at.Value = slog.StringValue(oneLine(x.String()))
		case []string:
			at.Value = slog.StringValue(oneLine(fmt.Sprint(x)))
		}
	}
	return at
}
