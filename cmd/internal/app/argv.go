package app

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// normalize puts the flags of a command before its arguments, so that they work
// behind files as well: the library stops to look at the first argument.
func normalize(app *cli.App, args []string) ([]string, error) {
	if len(args) < 3 {
		return args, nil
	}
	command := app.Command(args[1])
	if command == nil {
		return args, nil
	}
	out := []string{args[0], args[1]}
	var flags, files []string
	rest := args[2:]
	for i := 0; i < len(rest); i++ {
		arg := rest[i]
		if arg == "--" {
			files = append(files, rest[i+1:]...)
			break
		}
		if arg == "-" || !strings.HasPrefix(arg, "-") {
			files = append(files, arg)
			continue
		}
		flags = append(flags, arg)
		name, _, given := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if given || !takesValue(command, name) {
			continue
		}
		if i++; i == len(rest) {
			return nil, usage("flag %s needs a value", arg)
		}
		flags = append(flags, rest[i])
	}
	out = append(out, flags...)
	if len(files) > 0 {
		out = append(append(out, "--"), files...)
	}
	return out, nil
}

// takesValue reports whether the command has a flag of that name with a value.
func takesValue(command *cli.Command, name string) bool {
	for _, f := range command.Flags {
		for _, n := range f.Names() {
			if n == name {
				d, ok := f.(cli.DocGenerationFlag)
				return ok && d.TakesValue()
			}
		}
	}
	return false
}
