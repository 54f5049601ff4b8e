package app

import (
	"fmt"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

func newVersion(env *environment) *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print the versions of the program, the rules and the reference data",
		Action: func(*cli.Context) error {
			version := "development"
			if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
				version = info.Main.Version
			}
			fmt.Fprintf(env.stdout, "gaitkeeper %s, rules %s\n", version, rules.Version)
			for _, d := range ncci.Default().Datasets() {
				fmt.Fprintf(env.stdout, "%s: %s, %d rows\n", d.Name, d.Source, d.Rows)
			}
			return nil
		},
	}
}
