package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"sagehost/internal/measure/invoke"
)

func newInvoke(a *app) *cobra.Command {
	request := invoke.Request{}
	var data, file string
	command := &cobra.Command{
		Use:   "invoke ENDPOINT",
		Short: "Ask an endpoint for a prediction",
		Long: "invoke sends a request to an endpoint of the stack and prints the answer.\n" +
			"ENDPOINT is the endpoint's key in Pulumi.<stack>.yaml.",
		Example: "  sagehost invoke flowers --data '5.1,3.5,1.4,0.2'\n" +
			"  sagehost invoke flowers --file rows.jsonl --content-type application/jsonlines",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := requestBody(cmd, data, file)
			if err != nil {
				return err
			}
			config, _, err := a.cloud(cmd.Context())
			if err != nil {
				return err
			}
			request.Endpoint, request.Body = args[0], body
			client := invoke.Client{Config: config, Stack: a.stack}
			answer, err := client.Invoke(cmd.Context(), request)
			if err != nil {
				return err
			}
			return printAnswer(a.out, answer.Body)
		},
	}
	flags := command.Flags()
	flags.StringVarP(&data, "data", "d", "", "the request's body")
	flags.StringVarP(&file, "file", "f", "", "a file with the request's body; - is the standard input")
	flags.StringVar(&request.ContentType, "content-type", "text/csv", "what the body is")
	flags.StringVar(&request.Accept, "accept", "", "what the answer should be")
	flags.StringVar(&request.Variant, "variant", "", "the production variant that is to answer")
	flags.StringVar(&request.Model, "model", "", "the archive that is to answer, of a multi-model endpoint")
	flags.StringVar(&request.Container, "container", "", "the container that is to answer, of a direct pipeline")
	a.addCloudFlag(command)
	command.MarkFlagsMutuallyExclusive("data", "file")
	command.MarkFlagsOneRequired("data", "file")
	return command
}

func requestBody(cmd *cobra.Command, data, file string) ([]byte, error) {
	switch file {
	case "":
		return []byte(data), nil
	case "-":
		return io.ReadAll(cmd.InOrStdin())
	default:
		return os.ReadFile(file)
	}
}

// printAnswer writes an answer as it came, with the end of the line that a terminal wants.
func printAnswer(out io.Writer, body []byte) error {
	if _, err := out.Write(body); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	if len(body) > 0 && body[len(body)-1] != '\n' {
		fmt.Fprintln(out)
	}
	return nil
}
