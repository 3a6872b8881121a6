package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"sagehost/kit/files"
)

const (
	motoTool = "moto " + motoVersion
	// motoVersion is what the local AWS is tested with. Others of the same minor version are accepted.
	motoVersion = "5.2.1"
	motoMinor   = "5.2."
)

// findMoto prefers the variable SAGEHOST_MOTO, then an installed moto, then one in an environment of its own.
func (t Toolchain) findMoto(context.Context) (string, makeFunc, error) {
	path, err := t.machine.override("SAGEHOST_MOTO", motoTool)
	if path != "" || err != nil {
		return path, nil, err
	}
	if path := t.machine.installedMoto(); path != "" {
		return path, nil, nil
	}
	venv := filepath.Join(t.Cache, "moto-"+motoVersion)
	if path := filepath.Join(venv, "bin", "moto_server"); executable(path) && complete(venv) {
		return path, nil, nil
	}
	python, err := t.machine.lookPath("python3")
	if err != nil {
		return "", nil, missing(motoTool, "moto_server "+motoMinor+"x is not on the PATH, and neither is python3",
			"install Python 3", "let SAGEHOST_MOTO name a moto_server executable")
	}
	return "", func(ctx context.Context) (string, error) { return t.installMoto(ctx, python, venv) }, nil
}

// installedMoto finds a fitting moto_server by the files beside it: asking Python for a version takes longer than all
// other look-ups together. A shim of pyenv stands for the executable of one of pyenv's versions.
func (m *machine) installedMoto() string {
	found, err := m.lookPath("moto_server")
	if err != nil {
		return ""
	}
	candidates := []string{found}
	if dir := filepath.Dir(found); filepath.Base(dir) == "shims" {
		// The only error of Glob is a bad pattern.
		candidates, _ = filepath.Glob(filepath.Join(filepath.Dir(dir), "versions", "*", "bin", "moto_server"))
	}
	for _, candidate := range candidates {
		if executable(candidate) && fittingMoto(candidate) {
			return candidate
		}
	}
	return ""
}

// fittingMoto reports whether the Python library beside an executable has a fitting moto and the web server it needs.
func fittingMoto(path string) bool {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	packages := filepath.Join(filepath.Dir(filepath.Dir(target)), "lib", "python*", "*-packages")
	for _, wanted := range []string{"moto-" + motoMinor + "*.dist-info", "flask"} {
		if matches, _ := filepath.Glob(filepath.Join(packages, wanted)); len(matches) == 0 {
			return false
		}
	}
	return true
}

// installMoto installs moto where it stays, because an environment of Python cannot be moved. A mark, written last,
// says that it is whole.
func (t Toolchain) installMoto(ctx context.Context, python, venv string) (string, error) {
	unlock, err := files.Lock(ctx, venv+".lock")
	if err != nil {
		return "", fmt.Errorf("%s: %w", motoTool, err)
	}
	defer unlock()
	path := filepath.Join(venv, "bin", "moto_server")
	if executable(path) && complete(venv) {
		return path, nil
	}
	t.progress("installing %s (once, about 1 minute) …", motoTool)
	if err := errors.Join(discard(mark(venv)), discard(venv)); err != nil {
		return "", fmt.Errorf("%s: %w", motoTool, err)
	}
	steps := [][]string{
		{python, "-m", "venv", venv},
		{filepath.Join(venv, "bin", "python"), "-m", "pip", "install", "--quiet", "moto[server]==" + motoVersion},
	}
	for _, step := range steps {
		_, err := run(ctx, t.Cache, nil, step[0], step[1:]...)
		if err != nil && ctx.Err() != nil {
			return "", fmt.Errorf("%s: %w", motoTool, err)
		}
		if err != nil {
			return "", missing(motoTool, "its installation failed: "+err.Error(),
				"run pip install 'moto[server]=="+motoVersion+"'", "let SAGEHOST_MOTO name a moto_server executable")
		}
	}
	if err := os.WriteFile(mark(venv), nil, 0o600); err != nil {
		return "", fmt.Errorf("%s: %w", motoTool, err)
	}
	return path, nil
}

func mark(venv string) string {
	return venv + ".complete"
}

func complete(venv string) bool {
	_, err := os.Stat(mark(venv))
	return err == nil
}
