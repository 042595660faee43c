// A member of a consumer group that prints what it processes, one JSON object a line. It leaves the group when its
// standard input ends.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	lift "github.com/liftbridge-io/go-liftbridge/v2"
)

type record struct {
	Event     string `json:"event"`
	Partition int32  `json:"partition"`
	Offset    int64  `json:"offset"`
	Value     string `json:"value"`
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: group-member <broker> <group> <stream>")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(broker, group, stream string) error {
	client, err := lift.Connect([]string{broker})
	if err != nil {
		return err
	}
	defer client.Close()
	member, err := client.CreateConsumer(group, lift.AutoOffsetEarliest(), lift.AutoCheckpoint(200*time.Millisecond))
	if err != nil {
		return err
	}
	var lock sync.Mutex
	out := json.NewEncoder(os.Stdout)
	tell := func(r record) {
		lock.Lock()
		defer lock.Unlock()
		_ = out.Encode(r)
	}
	err = member.Subscribe(context.Background(), []string{stream}, func(message *lift.Message, err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return
		}
		tell(record{"message", message.Partition(), message.Offset(), string(message.Value())})
	})
	if err != nil {
		return err
	}
	tell(record{Event: "joined"})
	_, _ = io.Copy(io.Discard, os.Stdin)
	return member.Close()
}
