module example.test/gotemplate-judge

go 1.22
