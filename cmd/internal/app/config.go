package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/config"
)

// configFile is the name of a configuration that is found without being named.
const configFile = "gaitkeeper.toml"

// noConfig is the value of --config that leaves every configuration out.
const noConfig = "none"

func configFlag(category string, to *string) cli.Flag {
	return &cli.StringFlag{
		Name: "config", EnvVars: []string{"GAITKEEPER_CONFIG"}, Destination: to, Category: category,
		Usage: "configuration `FILE` (default: " + configFile + " here, else in the user's folder); " + noConfig + " for none",
	}
}

// findConfig is the configuration of a run; "" for none.
func findConfig(given string) string {
	switch given {
	case noConfig:
		return ""
	case "":
	default:
		return given
	}
	places := []string{configFile}
	if dir, err := os.UserConfigDir(); err == nil {
		places = append(places, filepath.Join(dir, "gaitkeeper", configFile))
	}
	for _, path := range places {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}

// loadConfig reads a configuration. Files that it names lie beside it.
func loadConfig(path string, catalogue []*scrub.Rule) (*config.Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, plainPathError(err)
	}
	open := func(name string) (io.ReadCloser, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(path), name)
		}
		f, err := os.Open(name)
		return f, plainPathError(err)
	}
	c, err := config.Read(path, text, catalogue, open)
	if err != nil {
		return nil, &fault{code: exitUsage, err: err}
	}
	return c, nil
}

// today is the day of the run: only commands ask the clock.
func today() edi.Date {
	now := time.Now()
	return edi.Date(now.Year()*10000 + int(now.Month())*100 + now.Day())
}

// configured is loadConfig for a run: nil where there is no configuration. What has
// ended is said.
func configured(env *environment, command, given string, quiet bool) (*config.Config, error) {
	path := findConfig(given)
	if path == "" {
		return nil, nil
	}
	c, err := loadConfig(path, env.catalogue)
	if err != nil {
		return nil, err
	}
	for _, s := range c.Expired(today()) {
		if !quiet {
			fmt.Fprintf(env.stderr, "gaitkeeper %s: %s: the suppression of %s ended on %s\n", command, s.Place, ruleIDs(s.Rules), s.Until)
		}
	}
	return c, nil
}

func ruleIDs(list []*scrub.Rule) string {
	var ids []string
	for _, r := range list {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, ", ")
}

func newConfig(env *environment) *cli.Command {
	var path, format, profile string
	return &cli.Command{
		Name: "config", Usage: "check a configuration, or show what it comes to",
		ArgsUsage: "check|show [FILE]",
		Description: "Examples:\n" +
			"   gaitkeeper config check                     say what is wrong in " + configFile + "\n" +
			"   gaitkeeper config show                      each value of each profile, with its origin\n" +
			"   gaitkeeper config show --profile acme --format json\n\n" +
			"A configuration describes payers by id, name or SBR09, changes severities, suppresses\n" +
			"findings for a reason and until a day, and adds rules of one's own.",
		Flags: []cli.Flag{
			configFlag(inputs, &path),
			&cli.StringFlag{Name: "profile", Usage: "only this payer `PROFILE`", Destination: &profile, Category: selection},
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT`: text, json", Destination: &format, Category: reporting},
		},
		Action: func(c *cli.Context) error {
			if err := oneOf("format", format, []string{"text", "json"}); err != nil {
				return err
			}
			args := c.Args().Slice()
			if len(args) == 0 || args[0] != "check" && args[0] != "show" {
				return usage("check or show is needed").withHint("gaitkeeper config check")
			}
			if len(args) > 2 || len(args) == 2 && path != "" {
				return usage("one configuration at a time")
			}
			if len(args) == 2 {
				path = args[1]
			}
			file := findConfig(path)
			if file == "" && args[0] == "check" {
				return usage("no configuration: there is no %s here, nor in the user's folder", configFile)
			}
			read := &config.Config{Policy: &scrub.Policy{}}
			if file != "" {
				var err error
				if read, err = loadConfig(file, env.catalogue); err != nil {
					return err
				}
			}
			if args[0] == "check" {
				return checkConfig(env, read)
			}
			return showConfig(env, read, profile, format)
		},
	}
}

// checkConfig says what a sound configuration holds, and what of it has ended.
func checkConfig(env *environment, c *config.Config) error {
	fmt.Fprintf(env.stdout, "%s: sound: %s, %s, %s, %s\n", c.Name,
		many(len(c.Policy.Payers.Entries()), "profile", "profiles"), many(len(c.Policy.Severities), "severity", "severities"),
		many(len(c.Policy.Suppressed), "suppression", "suppressions"), many(len(c.Own), "rule", "rules"))
	for _, s := range c.Expired(today()) {
		fmt.Fprintf(env.stdout, "%s: the suppression of %s ended on %s\n", s.Place, ruleIDs(s.Rules), s.Until)
	}
	return nil
}

func showConfig(env *environment, c *config.Config, profile, format string) error {
	values := c.Values(profile)
	if values == nil {
		return usage("no profile %q: profiles are %s", profile, strings.Join(c.Policy.Payers.Names(), ", "))
	}
	if format == "json" {
		e := json.NewEncoder(env.stdout)
		for _, v := range values {
			if err := e.Encode(v); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	table := ""
	for i, v := range values {
		if v.Table != table {
			if i > 0 {
				fmt.Fprintln(w)
			}
			table = v.Table
			fmt.Fprintf(w, "[%s]\n", table)
		}
		fmt.Fprintf(w, "%s\t= %s\t# %s\n", v.Key, v.Value, v.Origin)
	}
	return errors.Join(w.Flush())
}
