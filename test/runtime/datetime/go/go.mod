module example.test/datetime-peer

go 1.22
