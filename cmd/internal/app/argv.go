package app

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// normalize puts the flags of a command before its arguments, so that they work
// behind files as well: the library stops to look at the first argument. It also
// takes short flags apart that are written as one: -qj8 is -q -j 8.
func normalize(app *cli.App, args []string) ([]string, error) {
	if len(args) > 1 && args[1] == "help" {
		args = append(append(args[:1:1], args[2:]...), "--help")
	}
	if len(args) < 3 {
		return args, nil
	}
	path := commandsOf(app, args)
	if len(path) == 0 {
		return args, nil
	}
	command, words := path[len(path)-1], 1+len(path)
	out := append([]string(nil), args[:words]...)
	var flags, files []string
	rest := args[words:]
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
		if slices.Contains(cli.HelpFlag.Names(), strings.TrimLeft(arg, "-")) {
			return append(out, "--help"), nil
		}
		parts, open := takeApart(command, arg)
		flags = append(flags, parts...)
		if !open {
			continue
		}
		if i++; i == len(rest) {
			return nil, usage("flag %s needs a value", parts[len(parts)-1])
		}
		flags = append(flags, rest[i])
	}
	out = append(out, flags...)
	if len(files) > 0 {
		if command.Command(files[0]) != nil { // a file, though the library would take it for a command
			files[0] = "." + string(filepath.Separator) + files[0]
		}
		out = append(append(out, "--"), files...)
	}
	return out, nil
}

// commandsOf is the command that args name behind the program, and the commands of
// commands behind it.
func commandsOf(app *cli.App, args []string) (path []*cli.Command) {
	list := app.Commands
	for _, arg := range args[min(len(args), 1):] {
		i := slices.IndexFunc(list, func(c *cli.Command) bool { return c.HasName(arg) })
		if i < 0 {
			break
		}
		path = append(path, list[i])
		list = list[i].Subcommands
	}
	return path
}

// takeApart splits an argument into flags; open reports whether the last of them
// has its value in the next argument. What is no flag stays as it is.
func takeApart(command *cli.Command, arg string) (flags []string, open bool) {
	name, _, given := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	if f := flagNamed(command, name); f != nil {
		return []string{arg}, !given && takesValue(f)
	}
	if strings.HasPrefix(arg, "--") {
		return []string{arg}, false
	}
	for i := 1; i < len(arg); i++ {
		f := flagNamed(command, arg[i:i+1])
		if f == nil {
			return []string{arg}, false
		}
		flags = append(flags, "-"+arg[i:i+1])
		if !takesValue(f) {
			continue
		}
		if value := arg[i+1:]; value != "" {
			return append(flags, value), false
		}
		return flags, true
	}
	return flags, false
}

func flagNamed(command *cli.Command, name string) cli.Flag {
	for _, f := range command.Flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

func takesValue(f cli.Flag) bool {
	d, ok := f.(cli.DocGenerationFlag)
	return ok && d.TakesValue()
}
