// Command bidfit finds the public contracts a supplier should bid for, and says why.
//
// main is a doorman: run parses the command line, and each command (one file
// each) asks the desk one question and prints the answer. The answer goes to
// stdout, the talk to stderr.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/socket"
	"bidfit/store"
	"bidfit/vocab"
)

// Exit codes. Each command's help ends with its own.
const (
	exitDone        = 0   // done, also when some releases were quarantined
	exitFailed      = 1   // failed, or nothing could be read
	exitUsage       = 2   // the command line or the configuration is wrong
	exitUnexpected  = 3   // the advice, or the status, is another than was expected
	exitNotFound    = 10  // no such notice, profile, lot, organisation or code
	exitInUse       = 11  // the store is open in another process, or the feed is being read
	exitCorrupt     = 13  // the store is damaged
	exitInterrupted = 130 // interrupted by a signal
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once; the store is safe at any moment
	code := run(ctx, os.Args[1:], os.LookupEnv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program: it returns the exit code.
func run(ctx context.Context, args []string, env lookup, stdin io.Reader, stdout, stderr io.Writer) int {
	return (&app{args: args, env: env, stdin: stdin, stdout: stdout, stderr: stderr, screen: screenOf(stdout, stderr)}).run(ctx)
}

func (a *app) run(ctx context.Context) int {
	root := a.root()
	root.SetArgs(a.args)
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	err = errors.Join(err, a.close())
	if err == nil {
		return exitDone
	}
	var elsewhere doneElsewhere
	if errors.As(err, &elsewhere) {
		return int(elsewhere) // all has been said
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		if errors.Is(context.Cause(ctx), socket.ErrStopping) {
			fmt.Fprintln(a.stderr, "bidfit:", socket.ErrStopping)
			return exitFailed
		}
		fmt.Fprintln(a.stderr, "bidfit: interrupted; what was acknowledged is kept")
		return exitInterrupted
	}
	if errors.Is(err, syscall.EPIPE) {
		return exitDone // whoever read our answer has seen enough
	}
	fmt.Fprintln(a.stderr, "bidfit:", oneLine(err.Error()))
	return exitCode(err)
}

func exitCode(err error) int {
	var (
		usage      usageError
		unexpected unexpectedError
		corrupt    *store.CorruptError
		busy       *desk.BusyError
	)
	switch {
	case errors.As(err, &busy):
		return exitInUse
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &unexpected):
		return exitUnexpected
	case errors.Is(err, store.ErrNotFound), errors.Is(err, vocab.ErrUnknown):
		return exitNotFound
	case errors.Is(err, store.ErrInUse), errors.Is(err, index.ErrInUse), errors.Is(err, socket.ErrSilent), errors.Is(err, socket.ErrTaken):
		return exitInUse
	case errors.As(err, &corrupt):
		return exitCorrupt
	}
	return exitFailed
}

// usageError is a command line or a configuration that cannot be meant.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "bidfit",
		Short: "Find the public contracts you should bid for, and see why",
		Long: `bidfit reads UK public procurement notices (Open Contracting Data Standard),
compares every open lot with a supplier profile, and ranks them: bid, review or
no-bid, each point backed by the publisher's own words.

Start with "bidfit demo".`,
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args:              arguments(),
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.begin(cmd, nil) },
	}
	root.SetHelpTemplate(root.HelpTemplate() + "{{with .Annotations.exits}}\nExit status:\n{{.}}{{end}}")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().AddFlagSet(a.globalFlags())
	root.AddCommand(
		a.demoCommand(), a.ingestCommand(), a.syncCommand(), a.statusCommand(), a.compileCommand(), a.searchCommand(), a.showCommand(),
		a.profileCommand(), a.matchCommand(), a.explainCommand(), a.decideCommand(), a.rateCommand(), a.exportCommand(),
		a.reviewCommand(), a.alertCommand(), a.snoozeCommand(), a.shortlistCommand(), a.budgetCommand(),
		a.buyerCommand(), a.supplierCommand(), a.similarCommand(), a.renewalsCommand(), a.clientsCommand(), a.packCommand(), a.partnersCommand(), a.outcomesCommand(),
		a.evaluateCommand(), a.serveCommand(), a.mcpCommand(), a.vocabCommand(), a.lexiconCommand(), a.verifyCommand(), a.versionCommand(),
	)
	return root
}

// exits is the EXIT STATUS a command's help ends with.
func exits(codes ...int) map[string]string {
	says := map[int]string{
		exitDone:        "done",
		exitFailed:      "failed, or nothing could be read",
		exitUsage:       "the command line or the configuration is wrong",
		exitUnexpected:  "another than --expect says",
		exitNotFound:    "no such notice, profile, lot, organisation or code",
		exitInUse:       "the store is open in another process",
		exitCorrupt:     "the store is damaged; the message says where",
		exitInterrupted: "interrupted; what was acknowledged is kept",
	}
	var b strings.Builder
	for _, c := range slices.Sorted(slices.Values(codes)) {
		fmt.Fprintf(&b, "  %3d  %s\n", c, says[c])
	}
	return map[string]string{"exits": b.String()}
}

// atHome marks a command that is done where it was given, whatever server runs: it needs no store, or is one's own.
func atHome(annotations map[string]string) map[string]string {
	annotations[annotatedHome] = "yes"
	return annotations
}

const annotatedHome = "home"

var storeExits = []int{exitDone, exitFailed, exitUsage, exitInUse, exitCorrupt, exitInterrupted}

// arguments checks a command's arguments against their names: a name in
// [brackets] may be missing, one ending in … may be repeated.
func arguments(names ...string) cobra.PositionalArgs {
	least, most := 0, len(names)
	for _, n := range names {
		if n[0] != '[' {
			least++
		}
		if n[len(n)-len("…"):] == "…" {
			most = 1 << 20
		}
	}
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usagef("%s: %s is missing; see bidfit %s --help", cmd.Name(), names[len(args)], cmd.Name())
		case len(args) > most && cmd.HasSubCommands():
			return usagef("there is no command %q; see %s --help", args[most], cmd.CommandPath())
		case len(args) > most:
			return usagef("%s: %q is one argument too many; see bidfit %s --help", cmd.Name(), args[most], cmd.Name())
		}
		return nil
	}
}
