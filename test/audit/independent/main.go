// Reads and verifies a log with golang.org/x/mod/sumdb alone: nothing of ours in between (docs/verify-by-hand.md).
//
//	main FOLDER VERIFIER-KEY [ENTRIES.jsonl]
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// C2SP tlog-tiles has tiles of height 8 and leaves the height out of the path.
type folder string

func (f folder) Height() int                                  { return 8 }
func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		all[i] = data
	}
	return all, nil
}

func main() {
	log.SetFlags(0)
	place, key := os.Args[1], os.Args[2]
	verifier, err := note.NewVerifier(key)
	check(err)
	signed, err := os.ReadFile(filepath.Join(place, "checkpoint"))
	check(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	// Every hash that this reader gives has been verified against the root.
	reader := tlog.TileHashReader(tree, folder(place))
	var leaves []int64
	for i := int64(0); i < size; i++ {
		leaves = append(leaves, tlog.StoredHashIndex(0, i))
	}
	hashes, err := reader.ReadHashes(leaves)
	check(err)
	fmt.Printf("%s: %d leaves under the signed root\n", lines[0], len(hashes))
	checkBundles(place, size, hashes)
	if len(os.Args) > 3 {
		checkOwn(os.Args[3], hashes)
	}
}

func checkBundles(place string, size int64, hashes []tlog.Hash) {
	count := 0
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		path := fmt.Sprintf("tile/entries/%03d", n)
		if width < 256 {
			path += fmt.Sprintf(".p/%d", width)
		}
		data, err := os.ReadFile(filepath.Join(place, path))
		if os.IsNotExist(err) {
			continue
		}
		check(err)
		for i := n * 256; len(data) > 0; i++ {
			end := 2 + int(binary.BigEndian.Uint16(data))
			if tlog.RecordHash(data[2:end]) != hashes[i] {
				log.Fatalf("entry %d is not what the log has there", i)
			}
			data = data[end:]
			count++
		}
	}
	fmt.Printf("%d entries of bundles verified\n", count)
}

func checkOwn(path string, hashes []tlog.Hash) {
	file, err := os.Open(path)
	check(err)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	count := 0
	for lines.Scan() {
		var line struct {
			Index *int64
			Entry string
		}
		check(json.Unmarshal(lines.Bytes(), &line))
		if line.Index == nil {
			continue
		}
		if *line.Index >= int64(len(hashes)) || tlog.RecordHash([]byte(line.Entry)) != hashes[*line.Index] {
			log.Fatalf("entry %d is not what the log has there", *line.Index)
		}
		count++
	}
	check(lines.Err())
	fmt.Printf("%d own entries verified\n", count)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
