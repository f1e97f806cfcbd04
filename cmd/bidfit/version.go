package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"bidfit/notice/ocds"
)

// versionInfo is what this binary is.
type versionInfo struct {
	Version    string `json:"version"`
	Revision   string `json:"revision,omitzero"`
	Modified   bool   `json:"modified,omitzero"`
	Go         string `json:"go"`
	Platform   string `json:"platform"`
	Projection int    `json:"projection"`
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "version",
		Short:       "Print what this binary is",
		Long:        "Print the version, the revision it was built from, and the Go it was built with.",
		Annotations: atHome(exits(exitDone, exitUsage)),
		Args:        arguments(),
		RunE: func(*cobra.Command, []string) error {
			v := thisVersion()
			if a.flags.json {
				return a.printJSON(v)
			}
			p := a.page()
			p.printf("%s, %s, %s\n", v, v.Go, v.Platform)
			return p.err
		},
	}
}

// thisVersion is what this binary says of itself.
func thisVersion() versionInfo {
	v := versionInfo{Version: "devel", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Projection: ocds.ProjectionVersion}
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" && info.Main.Version != "(devel)" {
			v.Version = info.Main.Version
		}
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				v.Revision = s.Value
			case "vcs.modified":
				v.Modified = s.Value == "true"
			}
		}
	}
	return v
}

func (v versionInfo) String() string {
	s := "bidfit " + v.Version
	if v.Revision != "" {
		s += fmt.Sprintf(" (%.12s)", v.Revision)
	}
	return s
}
