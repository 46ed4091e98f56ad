// Asks the Workload API for everything that go-spiffe asks for, a line for each answer.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spiffe/go-spiffe/v2/svid/jwtsvid"
	"github.com/spiffe/go-spiffe/v2/svid/x509svid"
	"github.com/spiffe/go-spiffe/v2/workloadapi"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	address := workloadapi.WithAddr(os.Args[1])

	certificates, err := workloadapi.NewX509Source(ctx, workloadapi.WithClientOptions(address))
	must(err)
	defer certificates.Close()
	first, err := certificates.GetX509SVID()
	must(err)
	_, _, err = x509svid.Verify(first.Certificates, certificates)
	must(err)
	fmt.Println("svid", first.ID)

	tokens, err := workloadapi.NewJWTSource(ctx, workloadapi.WithClientOptions(address))
	must(err)
	defer tokens.Close()
	token, err := tokens.FetchJWTSVID(ctx, jwtsvid.Params{Audience: "billing"})
	must(err)
	parsed, err := jwtsvid.ParseAndValidate(token.Marshal(), tokens, []string{"billing"})
	must(err)
	fmt.Println("token", parsed.ID)

	client, err := workloadapi.New(ctx, address)
	must(err)
	defer client.Close()
	validated, err := client.ValidateJWTSVID(ctx, token.Marshal(), "billing")
	must(err)
	fmt.Println("validated", validated.ID)

	fmt.Println("waiting")
	for {
		must(certificates.WaitUntilUpdated(ctx))
		next, err := certificates.GetX509SVID()
		must(err)
		if !next.Certificates[0].Equal(first.Certificates[0]) {
			fmt.Println("rotated", next.ID)
			return
		}
	}
}
