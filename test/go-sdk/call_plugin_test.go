package mirastack

import (
	"reflect"
	"testing"
)

func TestDecodeAsStrings(t *testing.T) {
	for raw, want := range map[string]map[string]string{
		`{}`: {},
		`{"n":1.50,"big":1e21,"small":1e-7,"i":7,"neg":-0.5}`: {"n": "1.5", "big": "1000000000000000000000", "small": "0.0000001", "i": "7", "neg": "-0.5"},
		`{"z":null,"t":true,"f":false,"s":"x<"}`:              {"z": "", "t": "true", "f": "false", "s": "x<"},
		`{"o":{"b":1,"a":"<>&"},"l":[1, null, "x"]}`:          {"o": `{"a":"\u003c\u003e\u0026","b":1}`, "l": `[1,null,"x"]`},
	} {
		if got, err := decodeAsStrings([]byte(raw)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, %v", raw, got, err)
		}
	}
	if got, err := decodeAsStrings([]byte(`[1]`)); err == nil {
		t.Errorf("a list was taken for an object: %v", got)
	}
}

func TestCheckTarget(t *testing.T) {
	for target, want := range map[string]string{
		"":    "target plugin is required",
		" \t": "target plugin is required",
		"a:b": `target plugin "a:b" is invalid: pass plugin name only and set action in params`,
	} {
		if err := checkTarget(target); err == nil || err.Error() != want {
			t.Errorf("%q: got %v", target, err)
		}
	}
	if err := checkTarget("query_vmetrics"); err != nil {
		t.Error(err)
	}
}
