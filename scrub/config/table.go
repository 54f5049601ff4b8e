package config

import (
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// The tables of the file, as they are written.
type document struct {
	Payer    map[string]*profileTable `toml:"payer"`
	Severity map[string]string        `toml:"severity"`
	Suppress []suppressTable          `toml:"suppress"`
	Rule     []ruleTable              `toml:"rule"`
}

type profileTable struct {
	Like    *string   `toml:"like"`
	IDs     *[]string `toml:"ids"`
	Names   *[]string `toml:"names"`
	Filing  *[]string `toml:"filing"`
	Count   *string   `toml:"counting"`
	Disc    *bool     `toml:"discipline_modifiers"`
	Assist  *bool     `toml:"assistant_modifiers"`
	Part    *bool     `toml:"medicare"`
	NCCI    *bool     `toml:"ncci"`
	MUE     *bool     `toml:"mue"`
	Limit   *string   `toml:"filing_limit"`
	Again   *string   `toml:"filing_limit_corrected"`
	Replace *string   `toml:"replacement"`

	TeleFrom  *toml.LocalDate `toml:"telehealth_from"`
	TeleUntil *toml.LocalDate `toml:"telehealth_until"`

	Authorization *[]string         `toml:"authorization"`
	CoverageFile  *string           `toml:"coverage"`
	Pair          []pairTable       `toml:"pair"`
	MaxUnits      []limitTable      `toml:"limit"`
	Cap           []capTable        `toml:"cap"`
	Covered       []coveredTable    `toml:"covered"`
	Severity      map[string]string `toml:"severity"`
}

type window struct {
	From  *toml.LocalDate `toml:"from"`
	Until *toml.LocalDate `toml:"until"`
	Why   string          `toml:"why"`
}

type pairTable struct {
	Column1  string `toml:"column1"`
	Column2  string `toml:"column2"`
	Modifier string `toml:"modifier"`
	window
}

type limitTable struct {
	Code  string `toml:"code"`
	Units int    `toml:"units"`
	Per   string `toml:"per"`
	window
}

type capTable struct {
	Codes []string `toml:"codes"`
	Units int      `toml:"units"`
	Per   string   `toml:"per"`
	window
}

type coveredTable struct {
	Codes     []string `toml:"codes"`
	Diagnoses []string `toml:"diagnoses"`
	window
}

type suppressTable struct {
	Rules  []string        `toml:"rules"`
	Payer  string          `toml:"payer"`
	Codes  []string        `toml:"codes"`
	Claims []string        `toml:"claims"`
	Reason string          `toml:"reason"`
	Until  *toml.LocalDate `toml:"until"`
}

type ruleTable struct {
	ID       string          `toml:"id"`
	Name     string          `toml:"name"`
	Message  string          `toml:"message"`
	Severity string          `toml:"severity"`
	When     string          `toml:"when"`
	Each     string          `toml:"each"`
	Source   string          `toml:"source"`
	From     *toml.LocalDate `toml:"from"`
	Until    *toml.LocalDate `toml:"until"`
}

// keysAt are the keys that may stand in the table with that path, whose parts are
// names and, for an array, names with a number behind.
func keysAt(path []string) []string {
	t := reflect.TypeFor[document]()
	for _, part := range path {
		name, _, _ := strings.Cut(part, "[")
		switch t.Kind() {
		case reflect.Map:
			t = t.Elem()
		case reflect.Struct:
			f, ok := fieldOf(t, name)
			if !ok {
				return nil
			}
			t = f
		default:
			return nil
		}
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	return fieldNames(t)
}

func fieldOf(t reflect.Type, name string) (reflect.Type, bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			if in, ok := fieldOf(f.Type, name); ok {
				return in, true
			}
		}
		if f.Tag.Get("toml") == name {
			return f.Type, true
		}
	}
	return nil, false
}

func fieldNames(t reflect.Type) (names []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			names = append(names, fieldNames(f.Type)...)
		} else {
			names = append(names, f.Tag.Get("toml"))
		}
	}
	return names
}
